import { h, replace } from "../dom.js";
import { barChart, meterList } from "./charts.js";
import { count, dollars, duration, number } from "./format.js";
import { logTable } from "./log-table.js";
import { empty, fillWith } from "./states.js";
import { readUsage } from "./usage.js";

const days = 14;

/** What the agents did: turns a day, by agent, what it cost, and each turn. */
export function activityPage(main) {
    const body = h("div", {});
    replace(main,
        h("main", { class: "page" }, h("h1", { tabindex: "-1" }, "Activity"),
            h("p", { class: "hint" }, `What the agents did in the last ${days} days.`), body));
    fillWith(body, "Loading what the agents did…", () => readUsage(days), show);
    return {};
}

function show({ sum, days: perDay, agents, logs, budget }) {
    if (sum.turns === 0 && logs.length === 0) return empty(
        "No turns yet",
        "Each answer of an agent is listed here, with what it took. Write “@sales …” in a conversation to see one.");
    return [
        h("dl", { class: "figures" }, [
            ["Turns", number(sum.turns), sum.handoffs > 0 && `${number(sum.handoffs)} called a person`],
            ["Failed", number(sum.failed)],
            ["Time to answer", duration(sum.median), `19 of 20 within ${duration(sum.slow)}`],
            ["Tokens", number(sum.tokens)], ["Cost", dollars(sum.costMicros)], budget && budgetFigure(budget),
        ].filter(Boolean).map(([name, value, note]) => h(
            "div", {}, h("dt", {}, name), h("dd", {}, value, note && h("span", { class: "hint" }, note))))),
        h("div", { class: "chart-row" },
            h("section", {}, h("h2", {}, "Turns a day"),
                barChart(perDay, { label: (each) => count(each.total, "turn") })),
            h("section", {}, h("h2", {}, "By agent"), meterList(agents.map(meter)))),
        h("h2", {}, "Latest turns"), logTable(logs),
    ];
}

const meter = ({ agent, turns, median, costMicros }) => ({
    name: `@${agent}`, value: turns,
    note: [count(turns, "turn"), median > 0 && duration(median), costMicros > 0 && dollars(costMicros)].filter(Boolean).join(", "),
});

function budgetFigure({ monthlyCostMicros, usedCostMicros, monthlyTurns, usedTurns, share }) {
    const of = monthlyCostMicros ? `${dollars(usedCostMicros)} of ${dollars(monthlyCostMicros)}`
        : `${number(usedTurns)} of ${count(monthlyTurns, "turn")}`;
    return ["This month's budget", `${Math.round((share ?? 0) * 100)} %`, of];
}
