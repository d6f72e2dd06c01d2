import { Follower } from "./follower.js";

/**
 * The company's feed, passed on by name; `ask` when there is none and everybody has to look for themselves.
 *
 * @param {import("./bus.js").Bus} bus
 * @returns {Follower}
 */
export function companyFeed(bus) {
    return new Follower({
        path: () => "/events",
        // With `resync` and at every beginning the lists are read again.
        ask: () => Promise.all([...asking(bus)]),
        take: (name, data) => {
            if (name === "resync") bus.emit("ask", []);
            else bus.emit(name, data);
        },
        status: (online) => bus.emit("status", online),
    });
}

function asking(bus) {
    const answers = [];
    bus.emit("ask", answers);
    return answers;
}
