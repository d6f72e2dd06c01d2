import { h, replace } from "../dom.js";
import { patch, post } from "./api.js";
import { has } from "./capabilities.js";
import { customerName } from "./conversation-row.js";
import { linkTo } from "./router.js";
import { plain } from "./text.js";
import { attempt } from "./toast.js";

/**
 * Who the conversation is with, who holds it, and what can be done with it.
 *
 * @param {import("./thread-data.js").ThreadData} data
 * @param {object} context
 * @param {() => void} showCard
 */
export function threadHeader(data, context, showCard) {
    const { me, directory, presence } = context;
    const cardButton = h(
        "button",
        { class: "button small", type: "button", "aria-expanded": "false", "aria-controls": "customer-card",
            on: { click: showCard } }, "Customer");
    const title = h("div", { class: "thread-title" });
    const holder = h("p", { class: "holder" });
    const actions = h("div", { class: "thread-actions" });
    const element = h("header", { class: "thread-header" },
        h("a", { class: "button quiet small back", href: linkTo("c"), "aria-label": "Back to the list" }, "‹ List"),
            title, cardButton, actions);
    let hasControl = false;
    const isMine = () => data.head.control?.holder === me.user.id || data.head.control?.userId === me.user.id;

    async function change(body, done) {
        await attempt(async () => data.setHead(await patch(`/conversations/${data.id}`, body)), done);
    }

    async function control(action, to) {
        await attempt(async () => {
            const answer = await post(`/conversations/${data.id}/control`, { action, ...(to && { to }) });
            data.setHead({ control: answer.control ?? answer });
        });
    }

    const toggleArchive = () => (
        data.head.status === "archived" ? change({ status: "active" }, "Back among the open ones.")
        : change({ status: "archived" }, "Archived."));
    const toggleControl = () => hasControl && control(isMine() ? "release" : "take");

    let shown = "";
    async function show() {
        const { head } = data;
        const { customer, title: name, status, assignee, control: held, agent } = head;
        const others = presence.with(data.id);
        const state = JSON.stringify([customer, name, status, assignee, held, agent, others]);
        if (state === shown) return; // an open menu or the focus in it stays as it is
        shown = state;
        const [members, agents] = await Promise.all([directory.members(), directory.agents()]);
        hasControl = await has("POST", "/api/conversations/{id}/control");
        replace(title, h("h2", { tabindex: "-1" }, h("bdi", {}, customerName(head))),
            head.title && h("bdi", { class: "hint" }, plain(head.title)), holder);
        const names = await Promise.all(others.map((id) => directory.nameOf(id)));
        replace(holder, await holderText(head, directory, me),
            names.length > 0 && h("span", { class: "others" }, ` ${names.join(", ")} ${names.length > 1 ? "have" : "has"} it open too.`));
        const button = (text, action, kind = "") => h(
            "button", { class: `button small ${kind}`, type: "button", on: { click: action } }, text);
        replace(actions,
            hasControl && button(isMine() ? "Release" : "Take over", toggleControl, isMine() ? "" : "primary"),
            hasControl && head.control?.requestedAt && !head.control.holder
                && button("Let agents answer", () => control("release")),
            hasControl && passTo(agents, members, (to) => control("pass", to)),
            assignTo(head, members, (assignee) => change({ assignee }, assignee ? "Assigned." : "No longer assigned.")),
            button(head.status === "archived" ? "Reopen" : "Archive", toggleArchive));
    }
    data.on("head", show);
    const stop = presence.on("changed", show);
    show();
    return { element, cardButton, toggleArchive, toggleControl, stop };
}

async function holderText(head, directory, me) {
    const { holder } = head.control ?? {};
    if (holder === me.user.id) return "You answer; agents keep quiet.";
    if (holder) return `${await directory.nameOf(holder)} answers.`;
    if (head.control?.requestedAt) return "A person is asked for; agents keep quiet until somebody answers.";
    return head.agent ? `@${head.agent} answers first.` : "Agents answer when they are asked.";
}

const passTo = (agents, members, pass) => menu("Pass…", [
    ...agents.filter((agent) => agent.enabled !== false).map((agent) => [agent.name, `@${agent.name}`]),
    ...members.map((member) => [member.userId, member.name ?? member.email]),
], "", pass, "Pass to");

const assignTo = (head, members, assign) => menu(
    head.assignee ? "Nobody" : "Assign…", members.map((member) => [member.userId, member.name ?? member.email]),
    head.assignee ?? "", (value) => assign(value || null), "Assigned to");

function menu(first, options, value, chosen, label = first) {
    return h(
        "select", { class: "small-select", "aria-label": label, on: { change: (event) => chosen(event.target.value) } },
        h("option", { value: "" }, first),
            options.map(([each, text]) => h("option", { value: each, selected: each === value }, text)));
}
