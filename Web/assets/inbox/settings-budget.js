import { h } from "../dom.js";
import { call, get } from "./api.js";
import { shareBar } from "./charts.js";
import { form } from "./form.js";
import { count, dollars, number } from "./format.js";
import { fillWith } from "./states.js";

const actions = [["deterministic", "Agents go on by their rules"], ["handoff", "Customers are passed on to a person"]];
const states = { open: ["green", "Open"], warning: ["amber", "Almost used up"], exhausted: ["red", "Used up"] };

/** What language models may take in a month, and what they have taken so far. */
export function budgetSettings(place, { me }) {
    const path = `/companies/${me.company.id}`;
    const load = async () => {
        const [company, usage] = await Promise.all([call("GET", path), get("/usage?group=agent")]);
        return { ...company, budget: usage.budget };
    };
    fillWith(place, "Loading the budget…", load, ({ etag, budget }) => [
        h("p", {}, "Limits what language models take in a calendar month (UTC). When it is used up agents answer by "
            + "their rules alone: nobody is left without an answer."),
        used(budget), editor(path, budget, etag, () => budgetSettings(place, { me })),
    ]);
}

function used({ monthlyCostMicros, monthlyTurns, usedCostMicros, usedTurns, onBudget, share, state }) {
    const isLimited = monthlyCostMicros !== null || monthlyTurns !== null;
    const of = (limit, text) => (limit === null ? "no limit" : `of ${text(limit)}`);
    const [kind, word] = states[state] ?? states.open;
    const percent = `${number(Math.floor(share * 100))} %`;
    const note = state === "exhausted"
        ? `Until the month ends ${onBudget === "handoff" ? "customers are passed on to a person" : "agents answer by their rules"}.`
        : state === "warning" ? "80 % or more are used." : "";
    return h("section", { class: "budget" }, h("h3", {}, "This month so far"),
        h("dl", { class: "figures" }, [
            ["Cost", dollars(usedCostMicros), of(monthlyCostMicros, dollars)],
            ["Turns with a model", number(usedTurns), of(monthlyTurns, (limit) => count(limit, "turn"))],
            isLimited && ["Used", percent, h("span", { class: `tag ${kind}` }, word)],
        ].filter(Boolean).map(([name, value, hint]) => h(
            "div", {}, h("dt", {}, name), h("dd", {}, value, h("span", { class: "hint" }, hint))))),
        isLimited ? shareBar(share, state) : h("p", { class: "hint" }, "No limit is set."),
        note && h("p", { class: "notice amber", role: "status" }, note));
}

function editor(path, budget, etag, again) {
    const field = (name, more) => ({ name, type: "number", min: "0", path: `settings.budget.${name}`, ...more });
    return form({
        submit: "Save", done: again,
        fields: [
            field("monthlyCostMicros", { label: "US dollars a month", step: "0.01", max: "1000000",
                value: budget.monthlyCostMicros === null ? "" : budget.monthlyCostMicros / 1e6,
                hint: "By the prices of your language models. Empty: no limit." }),
            field("monthlyTurns", { label: "Turns a month", step: "1", max: "1000000000000",
                value: budget.monthlyTurns ?? "", hint: "Answers for which a model is asked. Empty: no limit." }),
            { name: "onBudget", label: "When it is used up", type: "select", options: actions, value: budget.onBudget,
                path: "settings.budget.onBudget" },
        ],
        save: ({ monthlyCostMicros, monthlyTurns, onBudget }) => call("PATCH", path, {
            body: { settings: { budget: {
                monthlyCostMicros: monthlyCostMicros === "" ? null : Math.round(Number(monthlyCostMicros) * 1e6),
                monthlyTurns: monthlyTurns === "" ? null : Number(monthlyTurns), onBudget,
            } } },
            headers: etag ? { "If-Match": etag } : {},
        }),
    });
}
