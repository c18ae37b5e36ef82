// Pictures made for a journey: a logo as agencies have them, without a file that has to be kept.

import { deflateSync } from "node:zlib";

/** A PNG of so many pixels; `paint(x, y)` answers red, green, blue and how opaque, 0 to 255 each. */
export function png(width, height, paint) {
  const rows = Buffer.alloc((width * 4 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows.set(paint(x, y), y * (width * 4 + 1) + 1 + x * 4);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** Three sails on nothing: what a media agency called after the north wind might have. */
export function sails() {
  const colours = [
    [15, 76, 117],
    [27, 135, 176],
    [242, 153, 27],
  ];
  return png(168, 112, (x, y) => {
    const sail = Math.floor(x / 56);
    const [left, top] = [x - sail * 56, 16 * (2 - sail)];
    const inside = y >= top && y < 108 && left > 2 && left < 54 * ((y - top) / (108 - top));
    return inside ? [...colours[sail], 255] : [0, 0, 0, 0];
  });
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
