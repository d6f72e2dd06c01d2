import { h } from "../dom.js";
import { all, get, patch, post, remove } from "./api.js";
import { has } from "./capabilities.js";
import { form } from "./form.js";
import { fillWith } from "./states.js";
import { attempt } from "./toast.js";

/** The built-in agents, and the company's own where the server has those. */
export function agentsSettings(place, context) {
    const again = () => agentsSettings(place, context);
    const load = async () => ({ agents: await all("/agents"), mayMake: await has("POST", "/api/agents") });
    fillWith(place, "Loading the agents…", load, ({ agents, mayMake }) => {
        context.directory.forget();
        const own = agents.filter((agent) => agent.kind === "company");
        const none = "None yet. An own agent answers by your instructions when its name is mentioned.";
        return [
            h("ul", { class: "cards" }, agents.filter((agent) => agent.kind !== "company").map(builtIn)),
            mayMake && [
                h("h3", {}, "Your own agents"),
                own.length ? h("ul", { class: "cards" }, own.map((agent) => ownAgent(agent, again)))
                    : h("p", { class: "hint" }, none),
                h("details", {}, h("summary", {}, "Make an agent"), editor({}, again)),
            ],
        ];
    });
}

const builtIn = (agent) => h(
    "li", {}, h("div", {}, h("strong", {}, `@${agent.name}`), h("p", { class: "hint" }, agent.description)),
    h("span", { class: agent.enabled ? "tag green" : "tag" }, agent.enabled ? "On" : "Not set up"));

function ownAgent(agent, again) {
    async function drop() {
        if (confirm(`Delete @${agent.name}?`)
            && (await attempt(() => remove(`/agents/${agent.name}`), "Deleted."))) again();
    }
    const place = h("div", {});
    const details = h("details", { on: { toggle: () => {
        if (details.open && !place.firstChild) fillWith(
            place, "Loading…", () => get(`/agents/${agent.name}`), (whole) => editor(whole, again));
    } } }, h("summary", {}, "Edit"), place);
    return h("li", { class: "tall" },
        h("div", {},
            h("strong", {}, `@${agent.name}`), " ",
            h("span", { class: agent.enabled ? "tag green" : "tag" }, agent.enabled ? "On" : "Off"),
            agent.description && h("p", { class: "hint" }, agent.description), details),
        h("button", { class: "button small danger", type: "button", on: { click: drop } }, "Delete"));
}

function editor(agent, again) {
    const isNew = !agent.name;
    return form({
        submit: isNew ? "Make it" : "Save", done: again,
        fields: [
            ...(isNew
                ? [{ name: "name", label: "Name", required: true, pattern: "[a-z][a-z0-9\\-]{1,31}",
                    hint: "Lower-case letters, digits and hyphens; people write @name." }] : []),
            { name: "instructions", label: "Instructions", type: "textarea", rows: 6, value: agent.instructions,
                required: true },
            { name: "model", label: "Model", value: agent.model, hint: "Empty for the server's own." },
            { name: "temperature", label: "Temperature", type: "number", step: "0.1", min: "0", max: "2",
                value: agent.temperature ?? "" },
            { name: "active", label: "On", type: "check", value: agent.active ?? agent.enabled ?? true },
        ],
        save({ name, instructions, model, temperature, active }) {
            const body = { instructions, model: model || null,
                temperature: temperature === "" ? null : Number(temperature), active };
            return isNew ? post("/agents", { name, ...body }) : patch(`/agents/${agent.name}`, body);
        },
    });
}
