package tabular

import (
	"strconv"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// meaning maps a raw value through the value table.
func (c *column) meaning(text []byte) ([]byte, bool) {
	if c.values == nil {
		return text, true
	}
	if v, ok := c.values[string(text)]; ok {
		return v, true
	}
	if len(text) == 0 {
		return nil, true
	}
	if v, ok := c.folded[Fold(string(text))]; ok {
		return v, true
	}
	return c.other, c.hasOther
}

func (r *Rows) convert(i int, c *column, text []byte) (reason ingest.Reason) {
	switch c.Kind {
	case Date, DateTime:
		var origin Moment
		if r.origin >= 0 && i != r.origin {
			origin = r.moments[r.origin]
		}
		r.moments[i], reason = c.clock.moment(text, c.Kind == Date, origin)
		return reason
	case Until:
		r.moments[i], reason = c.until(text)
		return reason
	case Integer:
		n, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil {
			return ingest.ReasonType
		}
		r.numbers[i] = n
	case Tenths:
		if s := string(text); s == "NS" || s == "ND" || s == "NC" {
			return "" // not significant, not available: the open data's unknown
		}
		n, ok := tenths(text)
		if !ok {
			return ingest.ReasonType
		}
		r.numbers[i] = n
	case Presence:
		if yes, known := ParseFlag(text); !known || yes {
			r.numbers[i] = 1
		}
	case Flag:
		yes, known := ParseFlag(text)
		if !known {
			return ingest.ReasonUnknownValue
		}
		if yes {
			r.numbers[i] = 1
		}
	}
	r.values[i] = text
	return ""
}

// until reads the end of a time given: a day, or else an instant.
func (c *column) until(text []byte) (Moment, ingest.Reason) {
	reason := ingest.ReasonTimestamp
	if c.dayClock != nil {
		m, fault := c.dayClock.moment(text, true, Moment{})
		if fault == "" {
			m.TsMs = c.dayClock.midnightAfter(m.Day)
			return m, ""
		}
		reason = fault
	}
	if c.clock != nil && reason == ingest.ReasonTimestamp {
		return c.clock.moment(text, false, Moment{})
	}
	return Moment{}, reason
}

// tenths reads a decimal number as tenths, rounded half away from zero.
func tenths(text []byte) (int64, bool) {
	f, err := strconv.ParseFloat(strings.Replace(string(text), ",", ".", 1), 64)
	if err != nil || f != f || f > 1e12 || f < -1e12 {
		return 0, false
	}
	if f < 0 {
		return -int64(-f*10 + 0.5), true
	}
	return int64(f*10 + 0.5), true
}

// ParseFlag reads a yes or no in French or English.
func ParseFlag(text []byte) (yes, known bool) {
	switch strings.ToLower(string(text)) {
	case "1", "o", "oui", "y", "yes", "t", "true", "vrai":
		return true, true
	case "0", "n", "non", "no", "f", "false", "faux", "-":
		return false, true
	}
	return false, false
}
