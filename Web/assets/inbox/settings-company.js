import { h } from "../dom.js";
import { call, get } from "./api.js";
import { form } from "./form.js";
import { fillWith } from "./states.js";

/** Name, industry and the voice in which agents speak for the company. */
export function companySettings(place, { me }) {
    const path = `/companies/${me.company.id}`;
    fillWith(
        place, "Loading the company…",
        async () => ({ ...(await call("GET", path)), plan: await get("/subscription").catch(() => null) }),
        ({ data: company, etag, plan }) => {
        let version = etag;
        return [
            form({
                submit: "Save",
                fields: [
                    { name: "name", label: "Name", value: company.name, required: true, maxlength: 200 },
                    { name: "industry", label: "Industry", value: company.industry, maxlength: 200 },
                    { name: "brandPersonality", label: "Brand personality", type: "textarea",
                        value: company.brandPersonality, maxlength: 4000,
                        hint: "How agents sound when they write to customers: “warm, brief, a little dry”." },
                ],
                async save({ name, industry, brandPersonality }) {
                    const saved = await call("PATCH", path, {
                        body: { name, industry: industry || null, brandPersonality: brandPersonality || null },
                        headers: version ? { "If-Match": version } : {},
                    });
                    version = saved.etag;
                    Object.assign(me.company, saved.data);
                },
            }),
            plan && h("p", { class: "hint" }, `Plan ${plan.plan}, ${plan.status}.`),
        ];
    });
}
