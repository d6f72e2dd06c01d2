import { h } from "../dom.js";
import { all, remove } from "./api.js";
import { exact } from "./format.js";
import { empty, fillWith } from "./states.js";
import { attempt } from "./toast.js";

/** Where the person is signed in. */
export function sessionsSettings(place) {
    fillWith(place, "Loading your devices…", () => all("/auth/sessions"), (sessions) =>
        sessions.length === 0 ? empty("Nothing to show")
            : h("ul", { class: "cards" }, sessions.map((session) => card(session, () => sessionsSettings(place)))));
}

function card(session, again) {
    async function end() {
        if (await attempt(() => remove(`/auth/sessions/${session.id}`), "Signed out there.")) again();
    }
    return h("li", {}, h("div", {}, h("strong", {}, name(session.userAgent)), session.current && " (this one)",
        h("p", { class: "hint" }, `${session.ipAddress ?? "Unknown address"}, last seen ${exact(session.lastSeenAt)}`)),
    !session.current && h("button", { class: "button small danger", type: "button", on: { click: end } }, "Sign out"));
}

function name(agent) {
    if (!agent) return "Unknown program";
    const browser = /(Firefox|Edg|Chrome|Safari|curl)\//.exec(agent)?.[1]?.replace("Edg", "Edge");
    const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1]?.replace("Mac OS X", "macOS");
    return [browser ?? agent.slice(0, 40), system].filter(Boolean).join(" on ");
}
