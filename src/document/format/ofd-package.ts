// The parts of an OFD container (GB/T 33190 §7): its documents, their pages, resources and attached files, by name.
import { Unreadable } from "../unreadable.ts";
import type { Members } from "../zip.ts";
import { type Box, boxOf } from "./ofd-page.ts";
import { readXml } from "./xml.ts";

const MILLIMETRES: Box = [0, 0, 210, 297];

export interface Body {
  root: string;
  title: string;
  author: string;
  properties: Record<string, string>;
}

/** GM/T 0099: the members are ciphertext, opened by a password or by the certificate of one who was let in. */
export function judgeEncryption(parts: Members): void {
  const names = [...parts.keys()].filter((name) => /(^|\/)encryptions?\.xml$/.test(name));
  if (names.length === 0) return;
  let certificates = 0;
  for (const name of names) {
    readXml(parts.get(name) as Uint8Array, {
      open: (element) => {
        if (element === "UserCert") certificates++;
      },
      close() {},
    });
  }
  if (certificates > 0) throw new Unreadable("rights-managed", "encrypted for the holders of certificates");
  throw new Unreadable("password-protected", "encrypted");
}

export function required(parts: Members, name: string): Uint8Array {
  const part = parts.get(name);
  if (!part) throw new Unreadable("corrupt", `${name} is missing`);
  return part;
}

/** OFD.xml (§7.4): one body for each document in the container. */
export function bodiesOf(xml: Uint8Array): Body[] {
  const bodies: Body[] = [];
  let leaf = "";
  let custom = "";
  readXml(xml, {
    open(name, attributes) {
      leaf = name;
      if (name === "CustomData") custom = attributes.Name ?? "";
      if (name === "DocBody") bodies.push({ root: "", title: "", author: "", properties: {} });
    },
    close() {
      leaf = "";
    },
    text(text) {
      const body = bodies.at(-1);
      const value = text.trim().slice(0, 500);
      if (!body || value === "") return;
      if (leaf === "DocRoot") body.root ||= value;
      else if (leaf === "Title") body.title ||= value;
      else if (leaf === "Author") body.author ||= value;
      else if (leaf === "Creator") body.properties.application = value;
      else if (leaf === "Subject") body.properties.subject = value;
      else if (leaf === "CustomData" && /producer/i.test(custom)) body.properties.producer = value;
    },
  });
  return bodies.filter(({ root }) => root !== "");
}

export interface DocumentRoot {
  pages: { id: string; location: string }[];
  templates: Map<string, string>;
  resources: string[];
  annotations: string;
  attachments: string;
  box: Box;
}

/** Document.xml (§7.5). */
export function documentRoot(xml: Uint8Array): DocumentRoot {
  const root: DocumentRoot = {
    pages: [],
    templates: new Map(),
    resources: [],
    annotations: "",
    attachments: "",
    box: MILLIMETRES,
  };
  let leaf = "";
  readXml(xml, {
    open(name, { ID = "", BaseLoc = "" }) {
      leaf = name;
      if (name === "Page" && BaseLoc) root.pages.push({ id: ID, location: BaseLoc });
      if (name === "TemplatePage") root.templates.set(ID, BaseLoc);
    },
    close() {
      leaf = "";
    },
    text(text) {
      const value = text.trim();
      if (value === "") return;
      if (leaf === "PhysicalBox") root.box = boxOf(value) ?? root.box;
      else if (leaf === "DocumentRes" || leaf === "PublicRes") root.resources.push(value);
      else if (leaf === "Annotations") root.annotations = value;
      else if (leaf === "Attachments") root.attachments = value;
    },
  });
  return root;
}

/** A place named by another member (§7.2): from its folder, or from the container's root. Programs confuse the two. */
export function located(parts: { has(name: string): boolean }, from: string, location: string): string {
  const plain = (path: string) => {
    const steps: string[] = [];
    for (const step of path.split("/")) {
      if (step === "..") steps.pop();
      else if (step !== "" && step !== ".") steps.push(step);
    }
    return steps.join("/");
  };
  const fromRoot = plain(location);
  if (location.startsWith("/")) return fromRoot;
  const fromFolder = plain(`${from.slice(0, from.lastIndexOf("/") + 1)}${location}`);
  return parts.has(fromFolder) || !parts.has(fromRoot) ? fromFolder : fromRoot;
}

/** Resource files (§7.9): which member holds a picture. */
export function imagesOf(parts: Members, document: string, resources: string[]): Map<string, string> {
  const images = new Map<string, string>();
  for (const resource of resources) {
    const name = located(parts, document, resource);
    const part = parts.get(name);
    if (!part) continue;
    let base = "";
    let media = "";
    let leaf = "";
    readXml(part, {
      open(element, attributes) {
        leaf = element;
        if (element === "Res") base = attributes.BaseLoc ?? "";
        if (element === "MultiMedia") media = attributes.Type === "Image" ? (attributes.ID ?? "") : "";
      },
      close() {
        leaf = "";
      },
      text(text) {
        if (leaf !== "MediaFile" || media === "" || text.trim() === "") return;
        images.set(media, located({ has: () => true }, name, `${base}/${text.trim()}`));
      },
    });
  }
  return images;
}

export function attachmentsOf(xml: Uint8Array, list: string): { name: string; member: string }[] {
  const files: { name: string; member: string }[] = [];
  let name = "";
  let leaf = "";
  readXml(xml, {
    open(element, { Name = "" }) {
      leaf = element;
      if (element === "Attachment") name = Name;
    },
    close() {
      leaf = "";
    },
    text(text) {
      const location = text.trim();
      if (leaf !== "FileLoc" || location === "") return;
      const member = located({ has: () => true }, list, location);
      const extension = /\.\w{1,5}$/.exec(member)?.[0] ?? "";
      const isNamed = name.toLowerCase().endsWith(extension.toLowerCase());
      files.push({
        name: name ? (isNamed ? name : `${name}${extension}`) : (member.split("/").at(-1) ?? ""),
        member,
      });
    },
  });
  return files;
}
