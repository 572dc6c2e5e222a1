import { Phone, type ConnectOptions } from "./phone.js";

/** Where Carillon listens, seen from where it serves this library: /client/v1.js (build.mjs joins the modules there). */
function besideThisFile(): string {
    return new URL("../ws", import.meta.url).href;
}

/** Signs in and gives a phone. Rejects with a CallError when Carillon cannot be reached or refuses. */
export async function connect(options: ConnectOptions): Promise<Phone> {
    const url = new URL(options.url ?? besideThisFile(), globalThis.location?.href);
    url.protocol = url.protocol.replace("http", "ws");
    const phone = new Phone(options, url.href);
    await phone.session.open();
    return phone;
}
