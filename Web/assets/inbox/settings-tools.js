import { h, replace } from "../dom.js";
import { all, post, remove } from "./api.js";
import { count, exact } from "./format.js";
import { fillWith } from "./states.js";
import { plain } from "./text.js";
import { isChanged, toolReview } from "./tool-review.js";
import { toolServerForm } from "./tool-server-form.js";
import { attempt } from "./toast.js";

const health = { ok: ["green", "Works"], failing: ["red", "Failing"], unknown: ["", "Not asked yet"] };
const approvals = { always: "a person approves every call", writes: "a person approves calls that may change something",
    never: "calls need no approval" };

/** The MCP servers that the company added, how they are, and what of their tools it approved. */
export function toolsSettings(place) {
    const again = () => toolsSettings(place);
    const load = async () => {
        const servers = await all("/mcp-servers");
        return Promise.all(servers.map(
            async (server) => ({ server, tools: await all(`/mcp-servers/${server.id}/tools`) })));
    };
    fillWith(place, "Loading the MCP servers…", load, (rows) => [
        h("p", {}, "Servers that speak the Model Context Protocol bring tools for your own agents. A tool works after "
            + "somebody has read its definition and approved it, and until that definition changes."),
        rows.length ? h("ul", { class: "cards" }, rows.map(({ server, tools }) => card(server, tools, again)))
            : h("p", { class: "hint" }, "None yet. Agents use the tools that come with Switchboard."),
        h("details", {}, h("summary", {}, "Add an MCP server"), toolServerForm({}, again)),
    ]);
}

function card(server, tools, again) {
    const { id, name, url, enabled, lastError, checkedAt, approval } = server;
    const [kind, word] = health[server.health] ?? health.unknown;
    const notice = h("div", { role: "status" });
    const summary = h("summary", {});
    const show = (now) => {
        const changed = now.filter(isChanged);
        replace(notice, changed.length > 0 && h("p", { class: "notice amber" },
            h("strong", {}, `${count(changed.length, "tool")} changed since approval. `),
            `${changed.map((tool) => plain(tool.name)).join(", ")}: not called until somebody approves what it says now.`));
        const works = now.filter((tool) => tool.usable).length;
        replace(summary, now.length ? `Tools: ${works} of ${now.length} approved` : "Tools: none listed",
            h("span", { class: "visually-hidden" }, ` of ${name}`));
    };
    async function refresh({ target }) {
        target.disabled = true;
        if (await attempt(() => post(`/mcp-servers/${id}/refresh`, {}), "Listed again.")) again();
        target.disabled = false;
    }
    async function drop() {
        if (confirm(`Remove “${name}” with its tools and its secret?`)
            && (await attempt(() => remove(`/mcp-servers/${id}`), "Removed."))) again();
    }
    show(tools);
    return h("li", { class: "tall", dataset: { server: id } },
        h("div", {}, h("strong", {}, name), " ", h("span", { class: `tag ${kind}` }, word), " ",
            !enabled && h("span", { class: "tag" }, "Off"),
            h("p", { class: "hint" }, `${url}; ${approvals[approval]}. Last listed: ${exact(checkedAt)}.`),
            lastError && h("p", { class: "field-error" }, plain(lastError)), notice,
            h("details", { open: tools.some(isChanged) }, summary, toolReview(id, tools, show)),
            h("details", {}, h("summary", {}, "Edit", h("span", { class: "visually-hidden" }, ` ${name}`)),
                toolServerForm(server, again))),
        h("span", { class: "actions" },
            h("button", { class: "button small", type: "button", on: { click: refresh } }, "List again",
                h("span", { class: "visually-hidden" }, ` the tools of ${name}`)),
            h("button", { class: "button small danger", type: "button", on: { click: drop } }, "Remove",
                h("span", { class: "visually-hidden" }, ` ${name}`))));
}
