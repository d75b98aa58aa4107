import type { AddressFamily } from "../address.ts";

/** What the kernel adds before the data: headers and alignment. Measured on Linux 6.18. */
const BEFORE_DATA = { 4: 59, 6: 72 } as const;
/** How much of its buffers, before the bookkeeping of `skb_shared_info`, is there for a packet. */
const BUFFERS = [256, 704, 1728, 3776, 7872, 16_064];
/** `skb_shared_info` and `sk_buff`. */
const BOOKKEEPING_BYTES = 320 + 256;

/**
 * How many bytes of the receive buffer a datagram takes that carries `length` bytes and travelled in one piece: the
 * kernel's buffers come in few sizes.
 *
 * @see Linux `SKB_TRUESIZE`, `kmalloc_size_roundup`; the counts were recorded with
 * `engine/golden/network/udp_buffer.py`
 */
export function receiveCost(length: number, family: AddressFamily): number {
  const needed = length + BEFORE_DATA[family];
  return BOOKKEEPING_BYTES + (BUFFERS.find((size) => size >= needed) ?? length + 256);
}
