/** Only this machine can connect. */
export const LOOPBACK = "127.0.0.1";
