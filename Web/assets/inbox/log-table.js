import { h } from "../dom.js";
import { brief, duration, exact, number } from "./format.js";
import { linkTo } from "./router.js";
import { isFailed } from "./statistics.js";
import { toolNames } from "./turn-logs.js";

/** Turns as a table: who answered, how it ended, how long it took, with what. */
export function logTable(logs) {
    const heads = ["When", "Agent", "Ended", "Time", "Model", "Tokens", "Tools"];
    return h(
        "div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Latest turns" }, h("table", {},
        h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, logs.map(row))));
}

function row(log) {
    return h("tr", {},
        h("td", {}, h("time", { datetime: log.createdAt, title: exact(log.createdAt) }, log.conversationId
            ? h("a", { href: linkTo("c", log.conversationId) }, brief(log.createdAt)) : brief(log.createdAt))),
        h("td", {}, `@${log.agent}`),
        h("td", {}, h("span", { class: isFailed(log) ? "tag red" : "tag green" }, String(log.state).replaceAll("_", " ")),
            log.error && h("div", { class: "hint" }, log.error)),
        h("td", {}, duration(log.latencyMs ?? 0)), h("td", {}, log.model ?? "none"),
        h("td", {}, number((log.promptTokens ?? 0) + (log.completionTokens ?? 0))), h("td", {}, toolNames(log).join(", ")));
}
