/** A format of JSON Schema (2020-12 Validation, section 7.3), checked here as `t` promises. */
export interface Format {
  /** In the words of an error message: `must be ...`. */
  readonly expected: string;
  accepts(text: string): boolean;
}

export const FORMATS = {
  date: {
    expected: 'a date such as "2026-11-21"',
    accepts: isDate,
  },
  time: {
    expected: 'a time with an offset such as "14:30:00Z"',
    accepts: isTime,
  },
  "date-time": {
    expected: 'a date and time with an offset such as "2026-11-21T14:30:00Z"',
    accepts: isDateTime,
  },
  duration: {
    expected: 'a duration such as "P3DT4H30M"',
    accepts: isDuration,
  },
  uuid: {
    expected: 'a UUID such as "123e4567-e89b-12d3-a456-426614174000"',
    accepts: (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
  },
  uri: {
    expected: 'an absolute URI such as "https://example.org/a"',
    accepts: isUri,
  },
  email: {
    expected: 'an email address such as "name@example.org"',
    // What HTML takes as valid: practical, where RFC 5322 allows comments and quoted spaces.
    accepts: (text) =>
      /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i.test(
        text,
      ),
  },
} as const satisfies Record<string, Format>;

export function isFormat(name: string | undefined): name is keyof typeof FORMATS {
  return name !== undefined && Object.hasOwn(FORMATS, name);
}

/** RFC 3339 `full-date`. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return false;
  // The days of a month: day 0 of the one that follows.
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return isWithin(month, 1, 12) && isWithin(day, 1, days);
}

/** RFC 3339 `full-time`; a leap second falls on 23:59:60 UTC. */
function isTime(text: string): boolean {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i.exec(text);
  if (match === null) return false;
  const [, hour, minute, second, sign, offsetHour = "0", offsetMinute = "0"] = match;
  const isInRange =
    isWithin(hour, 0, 23) &&
    isWithin(minute, 0, 59) &&
    isWithin(second, 0, 60) &&
    isWithin(offsetHour, 0, 23) &&
    isWithin(offsetMinute, 0, 59);
  if (!isInRange || Number(second) < 60) return isInRange;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === "-" ? -1 : 1);
  const inUtc = Number(hour) * 60 + Number(minute) - offset;
  return (inUtc + 2 * MINUTES_A_DAY) % MINUTES_A_DAY === MINUTES_A_DAY - 1;
}

const MINUTES_A_DAY = 24 * 60;

function isWithin(digits: string | undefined, minimum: number, maximum: number): boolean {
  return Number(digits) >= minimum && Number(digits) <= maximum;
}

/** RFC 3339 `date-time`. */
function isDateTime(text: string): boolean {
  const [date = "", time = "", ...others] = text.split(/t/i);
  return others.length === 0 && isDate(date) && isTime(time);
}

/** RFC 3339, appendix A: units in order, none left out between two. */
function isDuration(text: string): boolean {
  const time = "T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)";
  const date = "(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)";
  return new RegExp(`^P(?:${date}(?:${time})?|${time}|\\d+W)$`).test(text);
}

/** RFC 3986: a scheme, then only what a URI may hold; and what the platform can read. */
function isUri(text: string): boolean {
  return URI.test(text) && URL.canParse(text);
}

/** `pchar` of RFC 3986. */
const URI_CHARACTER = "(?:[\\w.~!$&'()*+,;=:@-]|%[\\da-f]{2})";

/** Brackets stand around an address in the place of a host's name, and nowhere else. */
const URI = new RegExp(
  `^[a-z][a-z\\d+.-]*:(?://(?:${URI_CHARACTER}*@)?\\[[\\w.~!$&'()*+,;=:-]+\\](?::\\d*)?(?=[/?#]|$))?` +
    `(?:/|${URI_CHARACTER})*(?:\\?(?:[/?]|${URI_CHARACTER})*)?(?:#(?:[/?]|${URI_CHARACTER})*)?$`,
  "i",
);
