import { h, replace } from "../dom.js";
import { all } from "./api.js";
import { barChart, meterList } from "./charts.js";
import { count, duration, number } from "./format.js";
import { logTable } from "./log-table.js";
import { byAgent, byDay, totals } from "./statistics.js";
import { empty, fillWith } from "./states.js";

const days = 14;

/** What the agents did: turns a day, by agent, what it cost, and each turn. */
export function activityPage(main) {
    const body = h("div", {});
    replace(main,
        h("main", { class: "page" }, h("h1", { tabindex: "-1" }, "Activity"),
            h("p", { class: "hint" }, `What the agents did in the last ${days} days.`), body));
    fillWith(body, "Loading the agent logs…", () => all("/agent-logs", 2000), show);
    return {};
}

function show(logs) {
    const since = Date.now() - days * 86_400_000;
    const recent = logs.filter((log) => new Date(log.createdAt) >= since);
    if (recent.length === 0) return empty(
        "No turns yet",
        "Each answer of an agent is listed here, with what it took. Write “@sales …” in a conversation to see one.");
    const sum = totals(recent);
    return [
        h("dl", { class: "figures" }, [
            ["Turns", number(sum.turns)], ["Failed", number(sum.failed)],
            ["Time to answer", `${duration(sum.median)}`, `the slowest twentieth over ${duration(sum.slow)}`],
            ["Tokens", number(sum.tokens)], ["Cost", `$${(sum.costMicros / 1e6).toFixed(2)}`],
        ].map(([name, value, note]) => h(
            "div", {}, h("dt", {}, name), h("dd", {}, value, note && h("span", { class: "hint" }, note))))),
        h("div", { class: "chart-row" },
            h("section", {}, h("h2", {}, "Turns a day"),
                barChart(byDay(recent, days), { label: (each) => count(each.total, "turn") })),
            h("section", {}, h("h2", {}, "By agent"),
                meterList(
                    byAgent(recent)
                    .map((each) => (
                        { name: `@${each.agent}`, value: each.turns,
                            note: `${count(each.turns, "turn")}, ${duration(each.median)}` }))))),
        h("h2", {}, "Latest turns"), logTable(recent.slice(0, 100)),
    ];
}
