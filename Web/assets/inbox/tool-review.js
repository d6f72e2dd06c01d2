import { h, replace } from "../dom.js";
import { all, patch } from "./api.js";
import { empty } from "./states.js";
import { plain } from "./text.js";
import { toast } from "./toast.js";

/**
 * The tools of a server, each with its definition to read and the decision about it.
 *
 * @param {string} serverId
 * @param {Array<object>} tools
 * @param {(tools: Array<object>) => void} changed is told of the tools after every decision
 */
export function toolReview(serverId, tools, changed) {
    const path = `/mcp-servers/${serverId}/tools`;
    const list = h("ul", { class: "cards tools" });
    const rows = new Map();

    function learn(tool) {
        tools = tools.map((each) => (each.name === tool.name ? tool : each));
        const [before, now] = [rows.get(tool.name), row(tool, decide)];
        rows.set(tool.name, now);
        before.replaceWith(now);
        changed(tools);
    }

    /** Changes a tool; the focus stays where it was. Who read an older definition is shown what it is now. */
    async function decide(tool, change, done) {
        try {
            learn(await patch(`${path}/${encodeURIComponent(tool.name)}`, change));
            toast(done);
        } catch (problem) {
            toast(problem.message, { bad: true });
            if (problem.status !== 409) return;
            const now = (await all(path).catch(() => [])).find((each) => each.name === tool.name);
            if (now) learn(now);
        }
        rows.get(tool.name).querySelector(".decision").focus();
    }

    if (tools.length === 0) return empty("No tools", "The server listed none, or could not be asked.");
    for (const tool of tools) rows.set(tool.name, row(tool, decide));
    replace(list, [...rows.values()]);
    return list;
}

function row(tool, decide) {
    const { name, exposedName, description, inputSchema, annotations, hash, approved, available, enabled } = tool;
    const [kind, word] = state(tool);
    const act = (change, done) => async ({ target }) => {
        target.disabled = true;
        await decide(tool, change, done);
        target.disabled = false;
    };
    const named = (text) => [text, h("span", { class: "visually-hidden" }, ` ${plain(name)}`)];
    return h("li", { class: "tall", dataset: { tool: name } },
        h("div", {}, h("strong", {}, plain(name)), " ", h("span", { class: `tag ${kind}` }, word),
            !available && [" ", h("span", { class: "tag" }, "Not listed any more")],
            isChanged(tool) && h("p", { class: "field-error" },
                "Its definition is not the one that was approved. Read it again before you approve it."),
            h("p", { class: "tool-words", dir: "auto" }, plain(description) || "(no description)"),
            h("details", {}, h("summary", {}, named("Exactly this")),
                h("p", { class: "hint" }, "Agents know it as ", h("code", {}, exposedName), "."),
                h("pre", { tabindex: "0" }, plain(JSON.stringify({ description, inputSchema, annotations }, null, 2))),
                h("p", { class: "hint" }, "SHA-256 ", h("code", {}, hash)))),
        h("span", { class: "actions" },
            approved
                ? h("button", { class: "button small decision", type: "button",
                    on: { click: act({ approvedHash: null }, "Withdrawn. It is not called any more.") } },
                    named("Withdraw"))
                : h("button", { class: "button small primary decision", type: "button",
                    on: { click: act({ approvedHash: hash }, "Approved. Agents that hold it may call it.") } },
                    named(isChanged(tool) ? "Approve again" : "Approve")),
            h("button", { class: "button small quiet", type: "button",
                on: { click: act({ enabled: !enabled }, enabled ? "Switched off." : "Switched on.") } },
                named(enabled ? "Switch off" : "Switch on"))));
}

/** Whether a tool was approved and is another one by now. */
export const isChanged = (tool) => Boolean(tool.approvedHash) && tool.approvedHash !== tool.hash;

function state(tool) {
    if (isChanged(tool)) return ["amber", "Changed since approval"];
    if (!tool.approved) return ["", "Not approved"];
    return tool.enabled ? ["green", "Approved"] : ["", "Approved, switched off"];
}
