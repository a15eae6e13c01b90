/** Numbers, times and phones as Russians write them. */

const TIME = new Intl.DateTimeFormat("ru-RU", { hour: "2-digit", minute: "2-digit" });
const EXACT = new Intl.DateTimeFormat("ru-RU", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("ru-RU", { day: "numeric", month: "long" });
const MOMENT = new Intl.DateTimeFormat("ru-RU", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const RUBLES = new Intl.NumberFormat("ru-RU", { style: "currency", currency: "RUB", maximumFractionDigits: 0 });

/** A moment: Telegram counts seconds since 1970, the leads have ISO 8601. */
export const moment = (value) => new Date(typeof value === "number" ? value * 1000 : value);

export const time = (value) => TIME.format(moment(value));
export const exactTime = (value) => EXACT.format(moment(value));
export const rubles = (value) => RUBLES.format(value);

export function day(value) {
  const date = moment(value);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return "Сегодня";
  today.setDate(today.getDate() - 1);
  return date.toDateString() === today.toDateString() ? "Вчера" : DAY.format(date);
}

/** The time alone if it is today. */
export function dayAndTime(value) {
  const isToday = moment(value).toDateString() === new Date().toDateString();
  return isToday ? time(value) : MOMENT.format(moment(value));
}

/** «79161234567» as «+7 916 123-45-67»; numbers of other countries stay as they came, with a plus. */
export function phone(number) {
  const digits = number.replace(/\D/g, "");
  const parts = /^7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits);
  if (parts) return `+7 ${parts[1]} ${parts[2]}-${parts[3]}-${parts[4]}`;
  return number.startsWith("+") ? number : `+${number}`;
}

/** How long something took, for a person: «за 2 с», «за 5 мин». */
export function took(from, to) {
  const seconds = Math.max(1, Math.round((moment(to) - moment(from)) / 1000));
  if (seconds < 60) return `за ${seconds} с`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `за ${minutes} мин` : `за ${Math.round(minutes / 60)} ч`;
}

/** «1 заявка», «3 заявки», «5 заявок». */
export function plural(count, one, few, many) {
  const form = new Intl.PluralRules("ru-RU").select(count);
  return `${count} ${form === "one" ? one : form === "few" ? few : many}`;
}
