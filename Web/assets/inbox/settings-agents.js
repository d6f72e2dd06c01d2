import { h } from "../dom.js";
import { all, call, remove } from "./api.js";
import { has } from "./capabilities.js";
import { form } from "./form.js";
import { fillWith } from "./states.js";
import { attempt } from "./toast.js";

const audiences = [
    ["customer", "Customers"], ["internal", "Only people of the company"], ["both", "Customers and people of the company"]];

/** The built-in agents, and the company's own where the server has those. */
export function agentsSettings(place, context) {
    const again = () => agentsSettings(place, context);
    const load = async () => ({
        agents: await all("/agents"), mayMake: await has("POST", "/api/agents"),
        mayChange: await has("PATCH", "/api/agents/{name}"), tools: await serverTools(),
    });
    fillWith(place, "Loading the agents…", load, ({ agents, mayMake, mayChange, tools }) => {
        context.directory.forget();
        const own = agents.filter((agent) => agent.kind === "company");
        const none = "None yet. An agent of your own answers by your words when its name is mentioned.";
        const cards = (some) => h("ul", { class: "cards" }, some.map((agent) => card(agent, tools, mayChange, again)));
        return [
            cards(agents.filter((agent) => agent.kind !== "company")),
            mayMake && [
                h("h3", {}, "Your own agents"), own.length ? cards(own) : h("p", { class: "hint" }, none),
                h("details", {}, h("summary", {}, "Make an agent"), editor({}, "", tools, again)),
            ],
        ];
    });
}

/** The tools of the company's MCP servers that may be used. Who may not see them gives none. */
async function serverTools() {
    const servers = await all("/mcp-servers").catch(() => []);
    const lists = await Promise.all(servers.map(
        (server) => all(`/mcp-servers/${server.id}/tools`).catch(() => [])));
    return lists.flat().filter((tool) => tool.usable).map((tool) => tool.exposedName);
}

function card(agent, tools, mayChange, again) {
    const isOwn = agent.kind === "company";
    const place = h("div", {});
    const read = async () => call("GET", `/agents/${agent.name}`);
    const details = mayChange && h("details", { on: { toggle: () => {
        if (details.open && !place.firstChild) fillWith(
            place, "Loading…", read, ({ data, etag }) => editor(data, etag, tools, again));
    } } }, h("summary", {}, "Edit", h("span", { class: "visually-hidden" }, ` @${agent.name}`)), place);
    async function drop() {
        if (confirm(`Delete @${agent.name} with what it remembers?`)
            && (await attempt(() => remove(`/agents/${agent.name}`), "Deleted."))) again();
    }
    return h("li", { class: "tall" },
        h("div", {}, h("strong", {}, `@${agent.name}`), " ",
            h("span", { class: agent.enabled ? "tag green" : "tag" }, agent.enabled ? "On" : "Off"),
            agent.description && h("p", { class: "hint" }, agent.description), details),
        isOwn && h("button", { class: "button small danger", type: "button", on: { click: drop } }, "Delete"));
}

function editor(agent, etag, tools, again) {
    const isNew = !agent.name;
    const isOwn = isNew || agent.kind === "company";
    return form({
        submit: isNew ? "Make it" : "Save", done: again,
        fields: [
            ...(isNew ? [nameField] : []), ...(isOwn ? ownFields(agent, tools) : []),
            { name: "instructions", label: "Instructions", type: "textarea", rows: 5, value: agent.instructions,
                maxlength: 8000, hint: "What a language model is told before it answers." },
            { name: "model", label: "Model", value: agent.model, maxlength: 200, hint: "Empty for the server's own." },
            { name: "temperature", label: "Temperature", type: "number", step: "0.1", min: "0", max: "1",
                value: agent.temperature ?? "", hint: "0 keeps to the point, 1 varies. Empty for the model's own." },
            { name: "active", label: "On", type: "check", value: agent.active ?? agent.enabled ?? true },
        ],
        async save({ name, instructions, model, temperature, active, description, audience, faqs, tools: chosen }) {
            const body = { instructions, model: model || null,
                temperature: temperature === "" ? null : Number(temperature), active,
                ...(isOwn && { description: description || null, audience, ...(chosen && { tools: chosen }),
                    faqs: faqs.map(([question, answer], index) => ({ ...agent.faqs?.[index], question, answer })) }) };
            const headers = etag ? { "If-Match": etag } : {};
            await (isNew ? call("POST", "/agents", { body: { name, ...body } })
                : call("PATCH", `/agents/${agent.name}`, { body, headers }));
        },
    });
}

const nameField = { name: "name", label: "Name", required: true, maxlength: 32, autocomplete: "off",
    hint: "Lower-case letters, digits and hyphens; people write @name." };

const ownFields = (agent, tools) => [
    { name: "description", label: "What it does", value: agent.description, maxlength: 300,
        hint: "Offered to who types @." },
    { name: "audience", label: "Who may ask it", type: "select", options: audiences,
        value: agent.audience ?? "customer" },
    { name: "faqs", label: "Questions it knows", type: "pairs", of: ["Question", "Answer"], maxlengths: [300, 2000],
        value: (agent.faqs ?? []).map(({ question, answer }) => [question, answer]),
        hint: "Answered word by word as you write it here, without a language model." },
    ...toolField(agent.tools ?? [], tools),
];

/** What it holds already is on offer, too, so that saving takes nothing away unseen. */
function toolField(held, tools) {
    const names = [...new Set([...held, ...tools])];
    return names.length === 0 ? [] : [
        { name: "tools", label: "Tools", type: "checks", options: names.map((name) => [name, name]), value: held,
            hint: "Tools of MCP servers are for agents that only people of the company may ask." }];
}
