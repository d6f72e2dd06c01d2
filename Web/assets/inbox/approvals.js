import { h, replace } from "../dom.js";
import { all, post } from "./api.js";
import { Bus } from "./bus.js";
import { has } from "./capabilities.js";
import { exact } from "./format.js";
import { linkTo } from "./router.js";
import { empty, failed, loading } from "./states.js";
import { plain } from "./text.js";
import { attempt } from "./toast.js";

const wake = ["ask", "turn.started", "turn.finished", "turn.failed", "turn.waiting", "approval.requested", "approval.decided"];

/** What agents want to do and may not without a person's word; `changed` when that changed. */
export class Approvals extends Bus {
    pending = [];
    problem = null;
    isLoaded = false;
    timer = null;

    /** @param {import("./bus.js").Bus} feed */
    constructor(feed) {
        super();
        this.stops = wake.map((name) => feed.on(name, () => this.soon()));
        this.soon();
    }

    stop() {
        this.stops.forEach((stop) => stop());
        clearTimeout(this.timer);
    }

    /** Those of one conversation. */
    of(conversationId) {
        return this.pending.filter((each) => each.conversationId === conversationId);
    }

    /** Reads in a moment, once for all that happens until then. */
    soon() {
        this.timer ??= setTimeout(() => {
            this.timer = null;
            this.read();
        }, 150);
    }

    async read() {
        if (!(await has("GET", "/api/approvals"))) return;
        try {
            this.pending = await all("/approvals?status=pending", 200);
            this.problem = null;
        } catch (problem) {
            this.problem = problem;
        }
        this.isLoaded = true;
        this.emit("changed");
    }

    async decide(approval, decision) {
        const said = decision === "approve" ? `Approved. @${approval.agent} goes on.` : "Rejected. Nothing was done.";
        await attempt(() => post(`/approvals/${approval.id}/${decision}`, {}), said);
        await this.read();
    }
}

/**
 * One call that waits: what would happen, the exact arguments, and the decision.
 *
 * @param {object} approval
 * @param {Approvals} approvals
 * @param {boolean} [isApart] with a link to its conversation
 */
export function approvalCard(approval, approvals, isApart = false) {
    const { agent, tool, createdAt, expiresAt, conversationId } = approval;
    const buttons = [["approve", "Approve", "primary"], ["reject", "Reject", "danger"]].map(([decision, text, kind]) =>
        h("button", { class: `button small ${kind}`, type: "button", on: { click: async () => {
            buttons.forEach((each) => (each.disabled = true));
            await approvals.decide(approval, decision);
            buttons.forEach((each) => (each.disabled = false));
        } } }, text, h("span", { class: "visually-hidden" }, ` ${tool} of @${agent}`)));
    return h("article", { class: "approval", dataset: { approval: approval.id } },
        h("p", { class: "approval-head" }, h("strong", {}, `@${agent} asks to use ${tool}`),
            h("span", { class: "hint" }, `Asked ${exact(createdAt)}. Lapses ${exact(expiresAt)}.`)),
        what(approval),
        h("details", {}, h("summary", {}, "Exactly this"),
            h("pre", { tabindex: "0" }, plain(JSON.stringify(approval.arguments ?? {}, null, 2)))),
        h("div", { class: "actions" }, buttons,
            isApart && h("a", { class: "button quiet small", href: linkTo("c", conversationId) }, "Open the conversation")));
}

/** What would happen, for people: a letter as a letter, anything else in the tool's own words. */
function what({ arguments: given, summary }) {
    const { to, cc, subject, body } = given ?? {};
    if (!Array.isArray(to) || typeof body !== "string") return h(
        "p", { class: "approval-summary", dir: "auto" }, plain(summary) || "No summary was given.");
    const rows = [["To", to.join(", ")], ["Copy to", (cc ?? []).join(", ")], ["Subject", subject ?? ""]];
    return h("div", {},
        h("dl", { class: "approval-head-lines" }, rows.filter(([name, text]) => text || name === "Subject").map(
            ([name, text]) => h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, plain(text) || "(none)")))),
        h("p", { class: "approval-summary", dir: "auto" }, plain(body)));
}

/** All that waits for a decision. */
export function approvalsPage(main, { approvals }) {
    const body = h("div", { class: "approvals" });
    replace(main, h("main", { class: "page" }, h("h1", { tabindex: "-1" }, "Approvals"),
        h("p", { class: "hint" }, "What reaches somebody outside the company happens only after a person said so."), body));
    let shown = "";
    const show = () => {
        const { pending, problem, isLoaded } = approvals;
        const state = JSON.stringify([pending.map((each) => each.id), problem?.message, isLoaded]);
        if (state === shown) return; // a button with the focus stays
        shown = state;
        replace(body, problem ? failed(problem, () => approvals.read()) : !isLoaded ? loading("Loading the approvals…")
            : pending.length === 0 ? empty("Nothing waits", "When an agent wants to send or book something, it asks here.")
            : pending.map((each) => approvalCard(each, approvals, true)));
    };
    const stop = approvals.on("changed", show);
    show();
    approvals.soon();
    return { leave: stop };
}
