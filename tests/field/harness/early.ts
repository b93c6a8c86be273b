// The control: "saved" is said before the write is on disk. A kill must then lose what was acknowledged.
export async function settled(work: IDBTransaction): Promise<void> {
  work.onabort = () => undefined;
}
