// What the app itself says. The words of forms, kinds and steps come from the node.
import type { Words } from "./forms.ts";

export type Language = "id" | "en";

const TABLE = {
  tasks: ["Tugas", "Tasks"],
  report: ["Lapor", "Report"],
  outbox: ["Kiriman", "Outbox"],
  more: ["Lainnya", "More"],
  saved: ["Tersimpan", "Saved"],
  received: ["Diterima", "Received"],
  logged: ["Tercatat", "Logged"],
  safe: ["Aman", "Safe"],
  states: ["Keadaan kiriman", "State of what was sent"],
  say_saved: ["Tersimpan di HP ini. Dikirim saat ada sinyal.", "Saved on this phone. Sent when there is a signal."],
  say_sending: ["Tersimpan, {n} % terkirim", "Saved, {n} % sent"],
  say_received: ["Diterima server, tanda terima cocok", "Received by the server, its receipt fits"],
  say_logged: ["Tercatat di buku besar no. {n}", "Logged as entry no. {n}"],
  say_safe: ["Aman di dua tempat", "Safe in two places"],
  say_refused: ["Belum diterima server. Isinya tetap tersimpan di HP ini. Hubungi pengelola unit dan sebutkan: {why}", "Not taken by the server. It stays saved on this phone. Tell the administrator of your unit: {why}"],
  say_receipt: ["Tanda terima tidak cocok. Tidak dihapus dari HP ini.", "The receipt does not fit. Nothing was deleted here."],
  again: ["Kirim lagi", "Send again"],
  nothing_sent: ["Belum ada kiriman", "Nothing sent yet"],
  nothing_sent_why: [
    "Yang Anda simpan muncul di sini sampai aman. Tidak perlu menunggu sinyal.",
    "What you save appears here until it is safe. No need to wait for a signal.",
  ],
  traceless_empty: ["Mode tanpa jejak: yang sudah diterima tidak didaftar.", "Trace-free mode: what was received is not listed."],
  none_lost: ["Tetap di HP ini sampai diterima server", "Kept on this phone until the server has it"],
  today: ["Hari ini", "Today"],
  today_done: ["{a} dari {b} tugas selesai", "{a} of {b} tasks done"],
  no_tasks: ["Tidak ada tugas", "No tasks"],
  no_tasks_why: ["Kejadian dan jadwal kabar untuk Anda muncul di sini.", "Incidents and checks for you appear here."],
  stations_left: ["{n} dari {all} TPS belum", "{n} of {all} stations left"],
  station_left: ["Belum dikabarkan", "Not told yet"],
  not_answered: ["Belum dijawab", "Not answered"],
  tasks_done: ["{n} tugas selesai", "{n} tasks done"],
  draft_from: ["Draf · {when}", "Draft · {when}"],
  incidents: ["Kejadian untuk satuan Anda", "Incidents for your unit"],
  late: ["Lewat {span}", "{span} overdue"],
  left: ["{span} lagi", "in {span}"],
  minutes: ["{n} menit", "{n} min"],
  hours: ["{n} jam", "{n} h"],
  days: ["{n} hari", "{n} days"],
  years: ["{n} tahun", "{n} years"],
  report_now: ["Laporkan kejadian", "Report an incident"],
  choose_form: ["Apa yang dikirim?", "What do you send?"],
  checks: ["Kabar TPS", "Station checks"],
  roll_calls: ["Apel", "Roll calls"],
  sheets: ["Foto dan angka C.HASIL", "Photo and figures of C.HASIL"],
  step_of: ["Langkah {a} dari {b}", "Step {a} of {b}"],
  draft_saved: ["draf tersimpan {when}", "draft saved {when}"],
  back: ["Kembali", "Back"],
  next: ["Lanjut: {name}", "Next: {name}"],
  save: ["Simpan dan kirim", "Save and send"],
  saving: ["Menyimpan …", "Saving …"],
  was_saved: ["Tersimpan. Dikirim sendiri saat ada sinyal.", "Saved. It sends itself when there is a signal."],
  drop: ["Buang draf", "Delete the draft"],
  drop_sure: ["Tekan sekali lagi: draf dan fotonya hilang", "Press again: the draft and its photos are gone"],
  needed: ["Isi dulu: {name}", "Fill in first: {name}"],
  needs: ["wajib", "needed"],
  number_0: ["Angka bulat 0 sampai {n}", "A whole number 0 to {n}"],
  photo: ["Ambil foto", "Take a photo"],
  photo_more: ["Foto lagi", "Another photo"],
  photo_pick: ["Dari galeri", "From the gallery"],
  photo_n: ["Foto {n}", "Photo {n}"],
  photos_n: ["{n} foto", "photos: {n}"],
  photo_busy: ["Menyegel foto …", "Sealing the photo …"],
  photo_drop: ["Buang foto {n}", "Drop photo {n}"],
  photos_full: ["Paling banyak {n} foto.", "{n} photos at most."],
  place_exact: ["Lokasi tepat sampai {n} m", "Location exact to {n} m"],
  place_wait: ["Mencari lokasi. Boleh simpan tanpa menunggu.", "Finding the location. You may save without it."],
  place_none: ["Tanpa lokasi. Laporan tetap dikirim.", "No location. The report is sent all the same."],
  search: ["Cari jenis", "Search kinds"],
  not_chosen: ["Belum dipilih", "Not chosen"],
  same_figures: ["Jumlah cocok sejauh yang sudah diisi.", "Sums agree as far as filled in."],
  figures_off: ["Periksa lagi: {a} ≠ {b}", "Look again: {a} ≠ {b}"],
  figures_over: ["Periksa lagi: {a} lebih dari {b}", "Look again: {a} is more than {b}"],
  figures_keep: ["Bila di kertas memang begitu, biarkan.", "If the paper says so, leave it."],
  part_voters: ["Data pemilih dan pengguna hak pilih", "Voters"],
  part_ballots: ["Surat suara", "Ballots"],
  part_disability: ["Pemilih disabilitas", "Voters with disabilities"],
  part_choices: ["Perolehan suara", "Votes"],
  part_totals: ["Suara sah dan tidak sah", "Valid and invalid votes"],
  part_signatures: ["Tanda tangan", "Signatures"],
  total_of_party: ["Jumlah suara partai dan calon", "Total of party and candidates"],
  col_l: ["L", "M"],
  col_p: ["P", "F"],
  col_j: ["Jumlah", "All"],
  no_incidents: ["Tidak ada kejadian yang menunggu satuan Anda.", "No incident waits for your unit."],
  who: ["Siapa yang memakai HP ini?", "Who uses this phone?"],
  who_why: ["Pilih nama Anda, lalu masukkan PIN.", "Choose your name, then enter your PIN."],
  waiting_n: ["{n} kiriman menunggu", "{n} waiting to be sent"],
  pin: ["PIN", "PIN"],
  pin_of: ["PIN {name}", "PIN of {name}"],
  open: ["Buka", "Open"],
  opening: ["Membuka …", "Opening …"],
  pin_wrong: ["PIN salah. Sisa {n} kali sebelum harus menunggu.", "Wrong PIN. {n} tries before you must wait."],
  pin_wait: ["Terlalu banyak PIN salah. Coba lagi dalam {span}.", "Too many wrong PINs. Try again in {span}."],
  seconds: ["{n} detik", "{n} s"],
  revoked: ["Perangkat ini dicabut atau jabatannya berakhir", "This device was revoked or its post has ended"],
  revoked_why: [
    "Minta kode baru kepada pengelola unit. Kiriman yang belum sampai tetap tersegel di HP ini dan ikut terkirim sesudahnya.",
    "Ask the administrator of your unit for a new code. What was not sent stays sealed and is sent afterwards.",
  ],
  remove: ["Hapus dari HP ini", "Remove from this phone"],
  remove_sure: ["Hapus {name}, drafnya, dan {n} kiriman yang belum sampai?", "Remove {name}, the drafts, and {n} not yet sent?"],
  remove_sure_none: ["Hapus {name} dan drafnya? Semua kiriman sudah diterima.", "Remove {name} and the drafts? All that was sent has arrived."],
  remove_yes: ["Ya, hapus", "Yes, remove"],
  cancel: ["Batal", "Cancel"],
  no_one: ["HP ini belum didaftarkan", "This phone is not enrolled"],
  no_one_why: [
    "Pengelola unit membuka Perangkat di Ronda, mendaftarkan HP ini, dan menampilkan kode QR. Pindai kode itu dengan kamera HP.",
    "The administrator opens Devices in Ronda, enrols this phone, and shows a QR code. Scan it with the camera.",
  ],
  paste: ["Atau tempel kode di sini", "Or paste the code here"],
  enrol: ["Daftarkan", "Enrol"],
  enrol_other: ["Daftarkan orang lain", "Enrol somebody else"],
  enrolling: ["Memeriksa kode …", "Checking the code …"],
  enrol_offline: ["Kode belum dapat diperiksa. Sambungkan ke jaringan, lalu coba lagi.", "The code cannot be checked yet. Connect, then try again."],
  enrol_refused: ["Kode ini tidak berlaku: kedaluwarsa, dicabut, atau salah salin.", "This code is not in force: expired, revoked, or miscopied."],
  hello: ["Halo, {name}", "Hello, {name}"],
  choose_pin: ["Buat PIN 6 angka atau lebih", "Choose a PIN of 6 digits or more"],
  choose_pin_why: [
    "PIN mengunci tugas, draf, dan kunci pengiriman Anda di HP ini. Tidak ada yang dapat membukanya tanpa PIN, juga kami. Lupa PIN berarti didaftarkan lagi.",
    "The PIN locks your duties, drafts and sending key on this phone. Nobody opens them without it, nor do we. A forgotten PIN means a new enrolment.",
  ],
  sent_before: ["Dikirim sebelum PIN diganti", "Sent before the PIN was changed"],
  forgot: ["Lupa PIN: buat yang baru", "Forgotten: choose a new PIN"],
  forgot_why: ["Draf lama terhapus. Kiriman yang menunggu tetap dikirim.", "Old drafts are deleted. What waits is still sent."],
  pin_again: ["Ulangi PIN", "PIN again"],
  pin_weak: ["Pilih PIN lain: minimal 6 angka, bukan 111111 atau 123456.", "Choose another: at least 6 digits, not 111111 or 123456."],
  pin_differs: ["Kedua PIN berbeda.", "The two PINs differ."],
  use_phone: ["Pakai HP ini", "Use this phone"],
  renew_why: ["{name} sudah ada di HP ini. Masukkan PIN untuk memasang kode baru.", "{name} is on this phone already. Enter the PIN to take the new code."],
  people: ["Orang yang dihubungi", "People to call"],
  no_people: ["Belum ada pimpinan atau piket yang terdaftar.", "No head or duty officer is registered yet."],
  call: ["Telepon {name}", "Call {name}"],
  no_phone: ["Nomor tidak ditampilkan untuk jabatan Anda", "No number is shown to your post"],
  settings: ["Setelan", "Settings"],
  language: ["Bahasa", "Language"],
  theme: ["Tampilan", "Appearance"],
  theme_auto: ["Ikut HP", "As the phone"],
  theme_light: ["Terang", "Light"],
  theme_dark: ["Gelap", "Dark"],
  traceless: ["Mode tanpa jejak", "Trace-free mode"],
  traceless_why: [
    "Yang sudah diterima tidak didaftar lagi di HP ini, dan tombol Keluar cepat selalu tampak.",
    "What was received is not listed on this phone, and Leave quickly is always there.",
  ],
  leave: ["Keluar cepat", "Leave quickly"],
  storage: ["Penyimpanan", "Storage"],
  storage_kept: ["Dijaga: HP tidak menghapusnya sendiri", "Kept: the phone does not clear it by itself"],
  storage_loose: ["Belum dijaga. Pasang aplikasi ini agar tidak dihapus HP.", "Not kept yet. Install the app so the phone does not clear it."],
  install: ["Pasang di layar utama", "Install on the home screen"],
  lock: ["Kunci / ganti orang", "Lock / switch person"],
  version: ["Versi {app} · formulir {forms}", "Version {app} · forms {forms}"],
  clock_off: ["Jam HP ini beda {span} dari server. Laporan tetap terkirim; perbaiki di setelan HP.", "This phone's clock is {span} off. Reports are sent all the same; set it right."],
  offline: ["Tanpa sinyal", "No signal"],
  online: ["Tersambung", "Connected"],
  full: [
    "Penyimpanan HP penuh. Yang sudah tersimpan aman. Kosongkan ruang, lalu simpan lagi.",
    "The phone is full. What was saved is safe. Free some space, then save again.",
  ],
  not_saved: ["Belum tersimpan: {why}. Isian Anda masih di layar.", "Not saved: {why}. What you filled in is still here."],
  no_key: ["Sambungkan HP ini sekali agar mendapat formulir.", "Connect this phone once so that it gets the forms."],
  old_form: ["Formulir ini versi saat draf dibuat.", "This form is as it was when the draft was begun."],
  drill: ["LATIHAN", "DRILL"],
  simulated: ["SIMULASI", "SIMULATION"],
  no_db: ["HP ini tidak dapat menyimpan. Buka di jendela biasa, bukan penyamaran.", "This phone cannot save. Open it in a normal window, not a private one."],
} as const;

export type Word = keyof typeof TABLE;
let language: Language = "id";

export function speak(wanted: Language): void {
  language = wanted;
}

export const spoken = (): Language => language;

export function t(word: Word, values: Record<string, string | number> = {}): string {
  const text: string = TABLE[word][language === "en" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const named = (words: Words): string => words[language];

/** A number as it is written: 48.213. */
export const figure = (value: number): string => value.toLocaleString(language === "en" ? "en-GB" : "id-ID");

/** A length of time in its largest unit. */
export function span(ms: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000));
  if (minutes < 60) return t("minutes", { n: minutes });
  if (minutes < 2_880) return t("hours", { n: Math.round(minutes / 60) });
  if (minutes < 1_051_200) return t("days", { n: figure(Math.round(minutes / 1_440)) });
  return t("years", { n: Math.round(minutes / 525_600) });
}

/** The clock of a zone: 16.30. */
export function clock(at: number, zone?: string): string {
  const how = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone } as const;
  const text = new Date(at).toLocaleTimeString("en-GB", how);
  return language === "en" ? text : text.replace(":", ".");
}

/** The clock alone today, with the day otherwise. */
export function moment(at: number, now: number, zone?: string): string {
  const tongue = language === "en" ? "en-GB" : "id-ID";
  const day = (when: number): string => new Date(when).toLocaleDateString(tongue, { day: "numeric", month: "short", timeZone: zone });
  return day(at) === day(now) ? clock(at, zone) : `${day(at)}, ${clock(at, zone)}`;
}
