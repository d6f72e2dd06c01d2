// The company's side of its conversations. Begins with the sign-in, or with the one of before the reload.
import { $, replace } from "../dom.js";
import { get } from "./api.js";
import { closeOutboxes, resumeOutboxes } from "./outbox.js";
import { chooseCompany, chosenCompany, mayResume, whenEnded } from "./session.js";
import { open } from "./shell.js";
import { signInPage } from "./sign-in.js";
import { failed, loading } from "./states.js";

const app = $("#app");
let close = () => {};

async function begin() {
    close();
    closeOutboxes();
    close = () => {};
    if (!mayResume()) return replace(app, signInPage(begin));
    replace(app, loading("Opening the inbox…"));
    try {
        const me = await get("/auth/me");
        close = open(app, me, begin);
        resumeOutboxes(me);
    } catch (problem) {
        if (problem.status === 404 && chosenCompany()) {
            chooseCompany(null); // no longer a member of it: back to the company of the sign-in
            return begin();
        }
        if (problem.status === 401) replace(app, signInPage(begin));
        else replace(app, failed(problem, begin));
    }
}

whenEnded(() => {
    close();
    closeOutboxes();
    close = () => {};
    replace(app, signInPage(begin));
});
begin();
