import { Phone, type ConnectOptions } from "./phone.js";
/** Signs in and gives a phone. Rejects with a CallError when Carillon cannot be reached or refuses. */
export declare function connect(options: ConnectOptions): Promise<Phone>;
