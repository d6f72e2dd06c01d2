import { h, replace } from "../dom.js";
import { all, get, patch, post, remove } from "./api.js";
import { copyButton } from "./copy.js";
import { form } from "./form.js";
import { duration, exact } from "./format.js";
import { fillWith } from "./states.js";
import { plain } from "./text.js";
import { attempt, toast } from "./toast.js";

const events = ["message.created", "message.updated", "message.deleted", "conversation.created", "conversation.updated",
    "conversation.deleted"];
const states = { delivered: "green", failed: "red", pending: "amber" };

/** Where the company's own programs are told of what happens. */
export function webhooksSettings(place) {
    const shown = h("div", {});
    const list = h("div", {});
    const read = () => fillWith(list, "Loading the webhooks…", () => all("/webhooks"), (webhooks) =>
        webhooks.length ? h("ul", { class: "cards" }, webhooks.map((webhook) => card(webhook, read)))
            : h("p", { class: "hint" }, "None yet."));
    replace(place,
        h("p", {}, "Your own server is told of what happens by a signed POST. How to verify it: ",
            h("a", { href: "/docs#webhooks" }, "the API's documentation"), "."),
        shown, list, h("h3", {}, "Add a webhook"), form({
            submit: "Add it", saved: null,
            fields: [
                { name: "url", label: "Address", type: "url", required: true, maxlength: 2000,
                    hint: "Such as https://example.com/switchboard; on the public internet." },
                { name: "events", label: "What it is told", type: "checks", options: events.map((event) => [event, event]),
                    value: ["message.created"] },
                { name: "description", label: "What it is for", maxlength: 200 },
            ],
            save: ({ description, ...values }) => post("/webhooks", { ...values, description: description || null }),
            done(webhook) {
                replace(shown, secret(webhook));
                shown.scrollIntoView({ block: "nearest" });
                read();
            },
        }));
    read();
}

const secret = (webhook) => h("div", { class: "notice", role: "status" },
    h("p", {}, h("strong", {}, "The secret of its signatures"), " is shown this once. Keep it where secrets are kept."),
    h("p", { class: "secret" }, h("code", {}, webhook.secret), " ", copyButton(webhook.secret)));

function card(webhook, again) {
    const { id, url, active, disabledReason, failingSince, deliveredAt, description } = webhook;
    const [kind, word] = !active ? ["", "Off"] : failingSince ? ["red", "Failing"] : ["green", "On"];
    const latest = h("div", {});
    const load = () => fillWith(latest, "Loading what it was told…",
        async () => (await get(`/webhooks/${id}/deliveries?limit=20`)).data, deliveries);
    const details = h("details", { on: { toggle: () => details.open && load() } },
        h("summary", {}, "What it was told", h("span", { class: "visually-hidden" }, ` at ${url}`)), latest);
    const button = (text, act, looks = "") => h("button", { class: `button small ${looks}`, type: "button",
        on: { click: act } }, text, h("span", { class: "visually-hidden" }, ` ${url}`));
    const turn = () => attempt(() => patch(`/webhooks/${id}`, { active: !active }), active ? "Off." : "On again.")
        .then((isDone) => isDone && again());
    async function test({ target }) {
        target.disabled = true;
        await attempt(async () => {
            const { state, status, error } = await post(`/webhooks/${id}/test`, {});
            if (state === "delivered") toast(`It answered ${status}.`);
            else toast(`It was not delivered: ${plain(error)}`, { bad: true });
        });
        target.disabled = false;
        if (details.open) load();
    }
    async function drop() {
        if (confirm(`Remove ${url} with what it was still to be told?`)
            && (await attempt(() => remove(`/webhooks/${id}`), "Removed."))) again();
    }
    return h("li", { class: "tall", dataset: { webhook: id } },
        h("div", {}, h("strong", {}, url), " ", h("span", { class: `tag ${kind}` }, word),
            h("p", { class: "hint" }, [description && plain(description), webhook.events.join(", "),
                `Last delivered: ${exact(deliveredAt)}`].filter(Boolean).join(". ") + "."),
            disabledReason && h("p", { class: "notice amber" }, h("strong", {}, "Switched off. "), plain(disabledReason)),
            active && failingSince && h("p", { class: "field-error" }, `Nothing was delivered since ${exact(failingSince)}.`),
            details),
        h("span", { class: "actions" }, button("Try it", test), button(active ? "Switch off" : "Switch on", turn),
            button("Remove", drop, "danger")));
}

function deliveries(rows) {
    if (rows.length === 0) return h("p", { class: "hint" }, "Nothing yet.");
    return h("ul", { class: "calls" }, rows.map(({ type, state, attempts, status, error, durationMs, happenedAt }) =>
        h("li", {}, h("code", {}, type), " ", h("span", { class: `tag ${states[state] ?? ""}` }, state), " ",
            h("span", { class: "hint" }, [exact(happenedAt), attempts > 1 && `${attempts} tries`, status && `HTTP ${status}`,
                durationMs !== null && duration(durationMs), state !== "delivered" && plain(error)]
                .filter(Boolean).join(", ")))));
}
