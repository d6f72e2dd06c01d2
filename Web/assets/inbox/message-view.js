import { h } from "../dom.js";
import { duration, exact, hour } from "./format.js";
import { plain, safeText } from "./text.js";
import { toolNames, turnNote } from "./turn-logs.js";

/**
 * One message with who wrote it and, for an agent's, what it did.
 *
 * @param {object} message
 * @param {boolean} isFirst of a row by the same author
 * @param {string} customer how the customer is called
 * @param {object} [log] the record of the turn that wrote it
 */
export function messageView(message, isFirst, customer, log) {
    const { role, seq, timestamp, editedAt, deletedAt } = message;
    return h("li", { class: `message ${role}${isFirst ? " first" : ""}`, dataset: { seq, role } },
        h("bdi", { class: isFirst ? "who" : "visually-hidden" }, author(message, customer)),
        bubble(message),
        !deletedAt && role === "agent" && steps(message, log),
        !deletedAt && message.delivery && deliveryNote(message.delivery),
        role !== "system"
            && h("time", { datetime: timestamp, title: exact(timestamp) }, hour(timestamp),
                editedAt && !deletedAt && " · edited"));
}

const delivered = {
    queued: "Sending…", needs_template: "Waits until the customer writes", sent: "Sent", delivered: "Delivered",
    read: "Read", failed: "Not delivered",
};

/** How a message fares on its way to a customer on WhatsApp or e-mail. */
function deliveryNote({ state, error }) {
    const isBad = state === "failed" || state === "needs_template";
    return h("span", { class: isBad ? "note bad" : "note", dataset: { delivery: state } },
        delivered[state] ?? state, state === "failed" && error && `: ${plain(error)}`);
}

/** What an agent is writing right now. */
export function draftView({ agentName, content }) {
    return h("li", { class: "message agent first draft", "aria-hidden": "true" },
        h("span", { class: "who" }, author({ role: "agent", agentName })),
            h("div", { class: "bubble", dir: "auto" }, safeText(content)));
}

/** What an agent does before it answers: the tools of its running turn, as they begin and end. */
export function toolsView({ agentName, calls, earlier }) {
    const state = ({ ok }) => (ok === undefined ? ["amber", "Running"] : ok ? ["green", "Done"] : ["red", "Not done"]);
    return h("li", { class: "message agent first using-tools" },
        h("span", { class: "who" }, author({ role: "agent", agentName })),
        h("ul", { class: "calls", "aria-label": `Tools that @${plain(agentName)} uses now` },
            earlier > 0 && h("li", { class: "hint" }, `and ${earlier} before`),
            calls.map((call) => {
                const [kind, word] = state(call);
                return h("li", { dataset: { call: call.call } },
                    h("span", { dir: "auto" }, call.agentName !== agentName && `@${plain(call.agentName)}: `,
                        plain(call.label || call.tool)), " ", h("code", {}, plain(call.tool)), " ",
                    h("span", { class: `tag ${kind}` }, word));
            })));
}

/** An answer that the server has not acknowledged. */
export function waitingView(item, retry) {
    const { problem } = item;
    const button = (text, forget) => h(
        "button", { class: "button quiet small", type: "button", on: { click: () => retry(item.id, forget) } }, text);
    return h("li", { class: "message user first waiting", dataset: { waiting: item.id } },
        h("span", { class: "visually-hidden" }, "You"),
            h("div", { class: "bubble", dir: "auto" }, safeText(item.content)),
        h("span", { class: problem ? "note bad" : "note" },
            !problem ? "Sending…" : problem.isFinal ? `Not sent. ${problem.text}`
            : `Not sent yet, trying again. ${problem.text}`),
        problem?.isFinal && h("span", {}, button("Try again", false), button("Discard", true)));
}

function author({ role, agentName, metadata }, customer) {
    if (role === "customer") return customer;
    if (role === "agent") return [`@${agentName ?? "agent"} `, h("span", { class: "tag" }, "agent")];
    if (role === "user") return plain(metadata?.authorName ?? "Our team");
    return "Switchboard";
}

function bubble({ content, deletedAt }) {
    if (deletedAt) return h("div", { class: "bubble gone" }, "Message deleted");
    const body = h("div", { class: "bubble", dir: "auto" }, safeText(content));
    if (content.length < 2500 && content.split("\n").length < 30) return body;
    body.classList.add("long");
    const more = h("button", { class: "button quiet small", type: "button", on: { click: () => {
        body.classList.remove("long");
        more.remove();
    } } }, "Show all");
    return [body, more];
}

function steps({ functionCalls, functionOutputs, reasoning }, log) {
    const listed = (value) => (Array.isArray(value) ? value : value ? [value] : []);
    const [calls, outputs] = [listed(functionCalls), listed(functionOutputs)];
    const hasReasoning = reasoning && (typeof reasoning !== "object" || Object.keys(reasoning).length > 0);
    if (!log && calls.length === 0 && outputs.length === 0 && !hasReasoning) return null;
    const names = calls.map((call) => call?.name ?? call?.function?.name).filter(Boolean);
    const used = names.length ? names : toolNames(log);
    return h("details", { class: "steps" },
        h("summary", {}, used.length ? `Used ${used.join(", ")}` : "How it got there",
            log && h("span", { class: "hint" }, ` ${turnNote(log)}`)),
        hasReasoning && block("Reasoning", reasoning), calls.length > 0 && block("Calls", calls),
        outputs.length > 0 && block("Results", outputs),
        log && calls.length === 0 && turn(log));
}

/** The turn as its record tells it: each call with how it ended and how long it took. */
function turn(log) {
    const calls = Array.isArray(log.toolCalls) ? log.toolCalls : [];
    if (calls.length === 0) return h("p", { class: "hint" }, "Without a tool.");
    return h("ul", { class: "calls" }, calls.map((call) => h("li", {}, h("code", {}, call.name ?? call.tool), " ",
        h("span", { class: call.state === "failed" ? "tag red" : "tag" }, call.state ?? "done"),
        call.latencyMs !== undefined && h("span", { class: "hint" }, ` ${duration(call.latencyMs)}`))));
}

const block = (title, value) =>
    [h("p", { class: "label" }, title),
        h("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 2))];
