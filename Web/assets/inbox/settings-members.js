import { h } from "../dom.js";
import { all, patch, post, remove } from "./api.js";
import { form } from "./form.js";
import { brief } from "./format.js";
import { fillWith } from "./states.js";
import { attempt } from "./toast.js";

const roles = [["member", "Member"], ["admin", "Admin"], ["owner", "Owner"]];

/** Who works for the company, and as what. */
export function membersSettings(place, context) {
    const again = () => membersSettings(place, context);
    fillWith(place, "Loading the members…", () => all("/members"), (members) => {
        context.directory.forget();
        return [
            h("ul", { class: "cards" }, members.map((member) => card(member, context, again))),
            h("h3", {}, "Add a member"),
            form({
                submit: "Add", saved: "Added.", done: again,
                fields: [
                    { name: "email", label: "E-mail", type: "email", required: true,
                        hint: "The person must have signed up already." },
                    { name: "role", label: "Role", type: "select", options: roles },
                ],
                save: (values) => post("/members", values),
            }),
        ];
    });
}

function card(member, { me, presence }, again) {
    const name = member.name ?? member.email;
    const role = h(
        "select", { "aria-label": `Role of ${name}`, class: "small-select", on: { change: change } },
        roles.map(([value, text]) => h("option", { value, selected: value === member.role }, text)));
    async function change() {
        if (!(await attempt(
            () => patch(`/members/${member.userId}`, { role: role.value }),
            `${name} is now ${role.value}.`))) role.value = member.role;
    }
    async function leave() {
        if (confirm(`Remove ${name} from the company? They lose access at once.`)
            && (await attempt(() => remove(`/members/${member.userId}`), "Removed."))) again();
    }
    return h(
        "li", {},
        h("div", {}, h("strong", {}, name), member.userId === me.user.id && " (you)", " ",
            presence.isHere(member.userId) && h("span", { class: "tag green" }, "Here now"),
            h("p", { class: "hint" }, `${member.email}, since ${brief(member.createdAt)}`)),
        role, h("button", { class: "button small danger", type: "button", on: { click: leave } }, "Remove"));
}
