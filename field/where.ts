// Where the phone is, with how exactly it knows. Never waited for: saving goes on without it.
export interface Where {
  lat: number;
  lon: number;
  accuracy_m: number;
  at: number;
}

/** Follow the place until stopped; `told` gets each better or newer one. */
export function follow(told: (where: Where) => void, refused: () => void): () => void {
  if (!("geolocation" in navigator)) {
    refused();
    return () => undefined;
  }
  const id = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) =>
      told({ lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy), at: timestamp }),
    refused,
    { enableHighAccuracy: true, maximumAge: 30_000, timeout: 30_000 },
  );
  return () => navigator.geolocation.clearWatch(id);
}
