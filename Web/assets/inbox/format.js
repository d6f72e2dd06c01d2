const language = navigator.language;
const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
const fullDate = new Intl.DateTimeFormat(language, { dateStyle: "full" });
const onlyDate = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
const whole = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const day = 86_400_000;

/** The hour of a time. */
export const hour = (time) => clock.format(new Date(time));

/** A time as short as it stays clear: the hour today, else the date. */
export function brief(time) {
    if (!time) return "";
    const when = new Date(time);
    return when.toDateString() === new Date().toDateString() ? clock.format(when) : date.format(when);
}

/** The date alone. */
export const dateOf = (time) => onlyDate.format(new Date(time));

/** Date and hour. */
export const exact = (time) => (time ? whole.format(new Date(time)) : "never");

/** The name of a day: today, yesterday, or its date. */
export function dayName(time) {
    const when = new Date(time);
    if (when.toDateString() === new Date().toDateString()) return "Today";
    if (when.toDateString() === new Date(Date.now() - day).toDateString()) return "Yesterday";
    return fullDate.format(when);
}

/** Cents with their currency. */
export function money(cents, currency) {
    try {
        return new Intl.NumberFormat(language, { style: "currency", currency }).format(cents / 100);
    } catch {
        return `${(cents / 100).toFixed(2)} ${currency}`;
    }
}

/** Millionths of a dollar as dollars; small amounts to the hundredth of a cent. */
export const dollars = (micros) => `$${(micros / 1e6).toFixed(micros > 0 && micros < 1e6 ? 4 : 2)}`;

/** A number with separators; large ones shortened. */
export const number = (value) =>
    new Intl.NumberFormat(language, value >= 100_000 ? { notation: "compact", maximumFractionDigits: 1 } : {})
        .format(value);

/** `1 turn`, `3 turns`. */
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** Milliseconds for people. */
export const duration = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
