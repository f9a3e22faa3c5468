import { ArgumentError } from "../../errors/index.js";
import type { CType, Field } from "./ctype.js";
import { MAX_TYPE_BYTES } from "./type-object.js";

/** A member as it was declared. An unnamed bit-field is padding and becomes no field. */
export interface Member {
  readonly name: string | undefined;
  readonly type: CType;
  /** Bits of a bit-field; 0 closes the unit. */
  readonly width?: number | undefined;
  /** An alignment given to this member alone, which `packed` does not lower. */
  readonly alignment?: number | undefined;
}

export interface LayoutRules {
  readonly isUnion: boolean;
  /** GNU C's `packed` attribute: no member is aligned, bit-fields follow each other. */
  readonly isPacked: boolean;
  /** The most that a member is aligned to, of `#pragma pack`. */
  readonly pack: number | undefined;
  /**
   * Where bit-fields go: by the Itanium C++ ABI and System V's, or as Microsoft's compiler does.
   */
  readonly bitFields: "itanium" | "microsoft";
}

export interface Layout {
  readonly size: number;
  readonly alignment: number;
  readonly fields: readonly Field[];
}

/** AAPCS64 (GCC and Clang) aligns the aggregate for unnamed bit-fields too; System V does not. */
const unnamedBitFieldsAlign = process.arch === "arm64" && process.platform !== "win32";

/** Lays the members of a struct or union out as the platform's C compiler does. */
export function layOut(members: readonly Member[], rules: LayoutRules, where: string): Layout {
  const cursor = new Cursor(rules, where);
  for (const member of members) {
    if (member.width === undefined) cursor.place(member);
    else if (rules.bitFields === "microsoft") cursor.placeMicrosoft(member, member.width);
    else cursor.placeItanium(member, member.width);
  }
  return cursor.finish();
}

class Cursor {
  readonly #fields: Field[] = [];
  /** The first free bit; in a union, the end of the longest member. */
  #bit = 0;
  #alignment = 1;
  /** Microsoft's open unit of bit-fields. */
  #unit: { offset: number; size: number; used: number } | undefined;

  constructor(
    private readonly rules: LayoutRules,
    private readonly where: string,
  ) {}

  place(member: Member): void {
    const { name, type } = member;
    this.#unit = undefined;
    const alignment = this.#memberAlignment(member);
    const offset = this.rules.isUnion ? 0 : roundUp(Math.ceil(this.#bit / 8), alignment);
    this.#fields.push({ name, type, offset });
    this.#advance((offset + type.size) * 8);
    this.#alignment = Math.max(this.#alignment, alignment);
  }

  /**
   * A bit-field lies in the next free bits unless it would span more units of its type than one; a
   * width of 0 moves to the next unit (Itanium C++ ABI 2.4, as GCC's place_field). `pack` in any
   * form lets it span.
   */
  placeItanium(member: Member, width: number): void {
    const { name, type } = member;
    const isPadding = name === undefined;
    const unitBits = type.size * 8;
    const start = this.rules.isUnion ? 0 : this.#bit;
    const alignment = this.#memberAlignment(member);
    if (!isPadding || unnamedBitFieldsAlign) this.#align(alignment);
    if (width === 0) {
      this.#advance(roundUp(start, type.alignment * 8)); // Whatever `pack` says.
      return;
    }
    const mayStraddle = this.rules.isPacked || this.rules.pack !== undefined;
    const straddles = (start % unitBits) + width > unitBits;
    const bit = straddles && !mayStraddle ? roundUp(start, unitBits) : start;
    const unit = mayStraddle ? Math.floor(bit / 8) : Math.floor(bit / unitBits) * type.size;
    if (!isPadding) this.#addBits(name, type, unit, bit - unit * 8, width);
    this.#advance(bit + width);
  }

  /** Neighbours of the same size share a unit, which is aligned like a member of that type. */
  placeMicrosoft(member: Member, width: number): void {
    const { name, type } = member;
    const alignment = this.#memberAlignment(member);
    if (width === 0 && this.#unit === undefined) return;
    const fits =
      this.#unit?.size === type.size && this.#unit.used + width <= type.size * 8 && width > 0;
    const isShared = fits && !this.rules.isUnion;
    let unit = isShared ? this.#unit : undefined;
    if (unit === undefined) {
      const free = Math.ceil(this.#bit / 8);
      unit = {
        offset: this.rules.isUnion ? 0 : roundUp(free, alignment),
        size: type.size,
        used: 0,
      };
      this.#align(alignment);
      this.#advance((width === 0 ? unit.offset : unit.offset + type.size) * 8);
    }
    if (name !== undefined && width > 0) {
      this.#addBits(name, type, unit.offset, unit.used, width);
    }
    unit.used += width;
    this.#unit = width === 0 ? undefined : unit;
  }

  finish(): Layout {
    const size = roundUp(Math.ceil(this.#bit / 8), this.#alignment);
    if (size > MAX_TYPE_BYTES) {
      throw new ArgumentError(
        `${this.where} must have at most ${MAX_TYPE_BYTES} bytes, got ${size}`,
      );
    }
    return { size, alignment: this.#alignment, fields: Object.freeze(this.#fields) };
  }

  #addBits(name: string, type: CType, offset: number, start: number, width: number): void {
    this.#fields.push({ name, type, offset, bits: { start, width } });
  }

  #advance(bit: number): void {
    this.#bit = Math.max(this.#bit, bit);
  }

  #align(alignment: number): void {
    this.#alignment = Math.max(this.#alignment, alignment);
  }

  #memberAlignment({ type, alignment: own }: Member): number {
    const { isPacked, pack } = this.rules;
    const natural = isPacked ? (own ?? 1) : Math.max(type.alignment, own ?? 1);
    return pack === undefined ? natural : Math.min(natural, pack);
  }
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
