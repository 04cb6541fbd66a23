// A learner's answers as one file, by the rules of quiz/handin.py; a test holds both to the same bytes.

const FORMAT = "spinemets-hand-in";
const FORMAT_VERSION = 1;

/** @typedef {{release: string, course: string, student: {id: string, name: string}, finished: string,
 *   answers: {item: string, hash: string, answer: any, seconds?: number}[]}} Content */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32 of the UTF-8 bytes, as eight hex digits.
 * @param {string} text */
export function checksum(text) {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

/** @param {Content} content */
export function packed(content) {
  const text = JSON.stringify(content);
  return `${JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, checksum: checksum(text), content: text }, null, 1)}\n`;
}

/** A student's id as it is compared; one of this form stays as it is.
 * @param {string} typed */
export const studentId = (typed) => typed.normalize("NFKC").replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").toLowerCase().normalize("NFKC");

/** Whether an id has letters that nobody sees, such as copied marks of direction: grading refuses its file.
 * @param {string} student */
export const hasInvisible = (student) => /\p{C}|\p{Zl}|\p{Zp}|(?! )\p{Zs}/u.test(studentId(student));

/** Which variant of a calculated item this student is asked (FNV-1a, 32 bits).
 * @param {string} student @param {string} item @param {number} count */
export function variantOf(student, item, count) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${studentId(student)}:${item}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % count;
}

/** @param {string} student */
export const fileName = (student) =>
  `hand-in-${studentId(student).replace(/[^a-z0-9._@+-]+/g, "-").replace(/^[.-]+|[.-]+$/g, "") || "student"}.json`;
