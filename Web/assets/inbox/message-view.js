import { h } from "../dom.js";
import { exact, hour } from "./format.js";
import { safeText } from "./text.js";

/**
 * One message with who wrote it and, for an agent's, what it did.
 *
 * @param {object} message
 * @param {boolean} isFirst of a row by the same author
 */
export function messageView(message, isFirst) {
    const { role, seq, timestamp, editedAt, deletedAt } = message;
    return h("li", { class: `message ${role}${isFirst ? " first" : ""}`, dataset: { seq, role } },
        h("span", { class: isFirst ? "who" : "visually-hidden" }, author(message)),
        bubble(message),
        !deletedAt && steps(message),
        role !== "system"
            && h("time", { datetime: timestamp, title: exact(timestamp) }, hour(timestamp),
                editedAt && !deletedAt && " · edited"));
}

/** What an agent is writing right now. */
export function draftView({ agentName, content }) {
    return h("li", { class: "message agent first draft", "aria-hidden": "true" },
        h("span", { class: "who" }, author({ role: "agent", agentName })),
            h("div", { class: "bubble", dir: "auto" }, safeText(content)));
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

function author({ role, agentName, metadata }) {
    if (role === "customer") return "Customer";
    if (role === "agent") return [`@${agentName ?? "agent"} `, h("span", { class: "tag" }, "agent")];
    if (role === "user") return metadata?.authorName ?? "Our team";
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

function steps({ functionCalls, functionOutputs, reasoning }) {
    const calls = Array.isArray(functionCalls) ? functionCalls : functionCalls ? [functionCalls] : [];
    const outputs = Array.isArray(functionOutputs) ? functionOutputs : functionOutputs ? [functionOutputs] : [];
    const hasReasoning = reasoning && (typeof reasoning !== "object" || Object.keys(reasoning).length > 0);
    if (calls.length === 0 && outputs.length === 0 && !hasReasoning) return null;
    const names = calls.map((call) => call?.name ?? call?.function?.name).filter(Boolean);
    return h("details", { class: "steps" },
        h("summary", {}, names.length ? `Used ${names.join(", ")}` : "How it got there"),
        hasReasoning && block("Reasoning", reasoning), calls.length > 0 && block("Calls", calls),
            outputs.length > 0 && block("Results", outputs));
}

const block = (title, value) =>
    [h("p", { class: "label" }, title),
        h("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 2))];
