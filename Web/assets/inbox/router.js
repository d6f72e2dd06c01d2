const listeners = new Set();

/** The place in the inbox that the address names: `["c", "<id>"]`, `["settings", "members"]`. */
export const place = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);

/** The address of a place. */
export const linkTo = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;

/** Goes to a place. */
export const go = (...parts) => (location.hash = linkTo(...parts));

/** Calls `listener` with the place, now and whenever it changes. */
export function follow(listener) {
    listeners.clear();
    listeners.add(listener);
    listener(place());
}

addEventListener("hashchange", () => listeners.forEach((listener) => listener(place())));
