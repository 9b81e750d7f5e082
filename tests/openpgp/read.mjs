// usage: node read.mjs OPENPGP.MJS SECRET-KEY PUBLIC-KEY-OF-THE-SERVICE < ARMOR
// Decrypts a message with openpgp.js, which Mailvelope and FlowCrypt have. Prints JSON: its text, and
// the fingerprint that has signed it.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, secret, service] = process.argv.slice(2);
const openpgp = await import(pathToFileURL(library));
const verificationKeys = await openpgp.readKey({ armoredKey: readFileSync(service, "utf8") });
const { data, signatures } = await openpgp.decrypt({
    message: await openpgp.readMessage({ armoredMessage: readFileSync(0, "utf8") }),
    decryptionKeys: await openpgp.readKey({ armoredKey: readFileSync(secret, "utf8") }),
    verificationKeys,
});
await signatures[0].verified;
console.log(JSON.stringify({ text: data, signer: verificationKeys.getFingerprint() }));
