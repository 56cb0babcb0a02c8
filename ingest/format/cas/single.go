package cas

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
)

// Single-line layouts, told apart by where the action stands and what is
// behind it (FORMATS.md#apereo-cas):
//
//	WHEN,APPLICATION,WHAT,ACTION,WHO,CLIENT_IP,SERVER_IP     inspektr ("," or "|")
//	WHEN|WHO|WHAT|ACTION|CLIENT_IP|SERVER_IP|                CAS 7
//	WHO|ACTION|CLIENT_IP                                     reduced; needs a log header for the time
//	[WHEN] [IP:…] [ID:…] [TICKET:…] [SERVICE:…] [USER-AGENT:…]   AGIMUS serviceStats.log
//	WHEN - AUTHENTICATION_SUCCESS for '[username:…]' from '…'     AGIMUS auth.log
//
// A separator inside brackets belongs to WHAT. Each field must look like what it is:
// where the client's address would stand an account, or an account where an address
// would, the line is a reject and never a login of the application "CAS".

const maxFields = 16

// single reads a record of one line. h is the log header it stood behind, nil
// if the line is bare. It reports false when the line is no audit record.
func (d *decoder) single(line []byte, h *header, n int64, sink ingest.Sink) bool {
	r := record{line: n}
	if h != nil {
		r.wall, r.stamp, r.dated = h.wall, h.stamp, true
	}
	if !agimus(line, &r) && !authLog(line, &r) && !layout(line, &r) {
		sink.Reject(ingest.Reject{Line: n, Reason: ingest.ReasonMalformed})
		return false
	}
	if !r.dated {
		r.stamp = r.when
	}
	d.finish(&r, sink)
	return true
}

// layout finds the fields of a separated line. A line that could be of two orders is of
// none: the account of one stands where the other has the application.
func layout(line []byte, r *record) bool {
	var f [maxFields][]byte
	for _, sep := range []byte{'|', ','} {
		n := fields(line, sep, &f)
		for i := 1; i < n; i++ {
			if !constant(f[i]) {
				continue
			}
			order, ok := orderOf(f[:n], i, r.dated)
			if !ok {
				return false
			}
			r.action, r.hasAct, r.hasWho = f[i], true, true
			r.who = f[order.who]
			if order.when >= 0 {
				r.when = f[order.when]
			}
			if order.what >= 0 {
				r.what = f[order.what]
			}
			return true
		}
	}
	return false
}

// order says where the fields of a separated line stand, -1 where they do not.
type order struct {
	when, who, what, action int
	clients                 []int // fields of addresses, of which the last ones may be missing
	least                   int   // how many fields there are at least
	headed                  bool  // only behind a log header
	bare                    bool  // no separator ends the line
}

var orders = []order{
	{when: 0, what: 2, action: 3, who: 4, clients: []int{5, 6}, least: 7, bare: true},
	{when: 0, who: 1, what: 2, action: 3, clients: []int{4, 5}, least: 5},
	{when: -1, who: 0, what: -1, action: 1, clients: []int{2}, least: 2, headed: true},
	{when: 0, who: 1, what: -1, action: 2, clients: []int{3}, least: 3},
}

// orderOf is the one order that the fields fit, with the action at i.
func orderOf(f [][]byte, i int, dated bool) (found order, ok bool) {
	for _, o := range orders {
		if o.action != i || o.headed != (dated && i < 3) || !o.fits(f) {
			continue
		}
		if ok {
			return order{}, false
		}
		found, ok = o, true
	}
	return found, ok
}

// fits reports whether each field can be what it is in this order. An address may be
// empty or the name of a host; where there are two, one at least is an address, or else
// both are named behind the account, where no other order has them.
func (o order) fits(f [][]byte) bool {
	last := o.clients[len(o.clients)-1]
	if len(f) < o.least || len(f) > last+2 || !person(f[o.who]) {
		return false
	}
	if len(f) == last+2 && (o.bare || len(f[last+1]) > 0) {
		return false
	}
	addresses, hosts := 0, 0
	for _, i := range o.clients {
		switch {
		case i >= len(f) || len(f[i]) == 0:
		case client(f[i]):
			addresses++
		case hostname(f[i]):
			hosts++
		default:
			return false
		}
	}
	return addresses > 0 || hosts == 0 && len(o.clients) < 2 || hosts == 2 && o.who == 4
}

// hostname reports whether a field can be the name of the host that a request came from.
func hostname(b []byte) bool {
	dots := 0
	for i, c := range b {
		switch {
		case c == '.' && i > 0 && b[i-1] != '.':
			dots++
		case c-'0' <= 9 || c|0x20-'a' < 26 || c == '-' && i > 0:
		default:
			return false
		}
	}
	return dots > 0
}

// fields splits a line at sep outside brackets; trimmed, at most maxFields.
func fields(line []byte, sep byte, f *[maxFields][]byte) int {
	n, from, depth := 0, 0, 0
	for i := 0; i <= len(line); i++ {
		if i < len(line) {
			switch line[i] {
			case '[', '{', '(':
				depth++
			case ']', '}', ')':
				depth = max(0, depth-1)
			}
			if line[i] != sep || depth > 0 {
				continue
			}
		}
		if n == maxFields {
			return n
		}
		f[n] = bytes.TrimSpace(line[from:i])
		n++
		from = i + 1
	}
	if n == 1 && depth > 0 { // WHAT was cut at 100 characters inside a bracket
		return fieldsFlat(line, sep, f)
	}
	return n
}

func fieldsFlat(line []byte, sep byte, f *[maxFields][]byte) int {
	n := 0
	for n < maxFields-1 {
		i := bytes.IndexByte(line, sep)
		if i < 0 {
			break
		}
		f[n], line = bytes.TrimSpace(line[:i]), line[i+1:]
		n++
	}
	f[n] = bytes.TrimSpace(line)
	return n + 1
}

// constant reports whether a field is an action: capitals and underscores, at
// least one of these.
func constant(b []byte) bool {
	underscores := 0
	for _, c := range b {
		if c == '_' {
			underscores++
		} else if c-'A' >= 26 {
			return false
		}
	}
	return len(b) > 6 && underscores > 0
}

// person reports whether a field can be an account: no address, no ticket, no service,
// and not the application's own name, which stands where CAS 7 has the account.
func person(b []byte) bool {
	for _, ticket := range []string{"TGT-", "ST-", "PT-", "PGT-", "OC-", "AT-"} {
		if bytes.HasPrefix(b, []byte(ticket)) {
			return false
		}
	}
	return ingest.CanBeAccount(b) && !client(b) && string(b) != "CAS"
}

// client reports whether a field can be where a request came from: an address, one of
// which a part was masked for data protection, or the word for one that is not known.
func client(b []byte) bool {
	switch string(b) {
	case "unknown", "localhost", "-", "null":
		return true
	}
	marks := 0
	for _, c := range b {
		switch {
		case c == '.' || c == ':':
			marks++
		case c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'f' || c|0x20 == 'x',
			c == '*', c == '%', c == '[', c == ']':
		default:
			return false
		}
	}
	return marks >= 2
}

// agimus reads a line of serviceStats.log: somebody asked for a service. Ids
// that are URLs are services asking, not persons.
func agimus(line []byte, r *record) bool {
	if len(line) == 0 || line[0] != '[' || !bytes.Contains(line, []byte("] [TICKET:")) {
		return false
	}
	end := bytes.IndexByte(line, ']')
	_, who, found := bytes.Cut(line, []byte("] [ID:"))
	who, _, closed := bytes.Cut(who, []byte("]"))
	if !found || !closed {
		return false
	}
	r.when, r.who, r.hasWho = line[1:end], who, true
	r.action, r.hasAct = []byte("SERVICE_TICKET_CREATED"), true
	if bytes.Contains(who, []byte("://")) {
		r.action = []byte("SERVICE_REQUEST_BY_SERVICE")
	}
	if i := bytes.Index(line, []byte("] [TICKET:")); i >= 0 {
		r.what = line[i+10:]
		if j := bytes.IndexByte(r.what, ']'); j >= 0 {
			r.what = r.what[:j]
		}
	}
	if i := bytes.Index(line, []byte("[USER-AGENT:")); i >= 0 {
		r.agent = bytes.TrimSuffix(line[i+12:], []byte("]"))
	}
	return true
}

// authLog reads a line of auth.log, where AUTHENTICATION_SUCCESS is the login:
// AGIMUS writes it once, and has no record of the ticket there.
func authLog(line []byte, r *record) bool {
	when, rest, ok := bytes.Cut(line, []byte(" - AUTHENTICATION_"))
	if !ok {
		return false
	}
	outcome, rest, ok := bytes.Cut(rest, []byte(" for '"))
	if !ok {
		return false
	}
	who, _, ok := bytes.Cut(rest, []byte("' from '"))
	if !ok {
		return false
	}
	switch string(outcome) {
	case "SUCCESS":
		r.action = []byte("TICKET_GRANTING_TICKET_CREATED")
	case "FAILED":
		r.action = []byte("AUTHENTICATION_FAILED")
	default:
		return false
	}
	r.when, r.who, r.hasWho, r.hasAct = bytes.TrimSpace(when), who, true, true
	return true
}

// when reads a date as CAS writes it: java.util.Date ("Wed Jun 20 10:02:27 CST
// 2018"), ISO 8601 with or without zone, epoch milliseconds. utc says that the
// wall time is one of UTC, that is an instant; the abbreviations CET and CEST
// say the offset, others are ambiguous and left to the configured zone.
func when(b []byte) (wall int64, utc, ok bool) {
	if wall, n, ok := ingest.WallTime(b); ok {
		offset, zoned, ok := zone(fraction(b[n:]))
		return wall - offset, zoned, ok
	}
	f := bytes.Fields(b)
	if len(f) == 1 && len(f[0]) == 13 {
		hi, ok1 := ingest.Digits(f[0][:7])
		lo, ok2 := ingest.Digits(f[0][7:])
		return int64(hi)*1_000_000 + int64(lo), true, ok1 && ok2
	}
	if len(f) != 6 || len(f[1]) != 3 || len(f[3]) != 8 {
		return 0, false, false
	}
	month := bytes.Index([]byte("JanFebMarAprMayJunJulAugSepOctNovDec"), f[1])
	year, ok1 := ingest.Digits(f[5])
	day, ok2 := ingest.Digits(f[2])
	hour, ok3 := ingest.Digits(f[3][0:2])
	minute, ok4 := ingest.Digits(f[3][3:5])
	second, ok5 := ingest.Digits(f[3][6:8])
	if month < 0 || month%3 != 0 || !(ok1 && ok2 && ok3 && ok4 && ok5) || hour > 23 || minute > 59 || second > 60 {
		return 0, false, false
	}
	days, ok := ingest.Days(year, month/3+1, day)
	if !ok {
		return 0, false, false
	}
	wall = int64(days)*86_400_000 + int64(hour)*3_600_000 + int64(minute)*60_000 + int64(second)*1000
	switch string(f[4]) {
	case "UTC", "GMT", "Z":
		return wall, true, true
	case "CET":
		return wall - 3_600_000, true, true
	case "CEST":
		return wall - 7_200_000, true, true
	}
	return wall, false, true
}

// fraction drops further digits of the seconds: micro- and nanoseconds.
func fraction(b []byte) []byte {
	if len(b) > 0 && (b[0] == '.' || b[0] == ',') {
		b = b[1:]
	}
	for len(b) > 0 && b[0]-'0' <= 9 {
		b = b[1:]
	}
	return bytes.TrimSpace(b)
}

// zone reads "", "Z", "+02:00", "+0200", with or without "[Europe/Paris]".
func zone(b []byte) (offset int64, zoned, ok bool) {
	if i := bytes.IndexByte(b, '['); i >= 0 {
		b = b[:i]
	}
	if len(b) == 0 {
		return 0, false, true
	}
	if len(b) == 1 && b[0] == 'Z' {
		return 0, true, true
	}
	sign := int64(1)
	switch b[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false, false
	}
	b = bytes.Replace(b[1:], []byte(":"), nil, 1)
	if len(b) != 4 {
		return 0, false, false
	}
	h, ok1 := ingest.Digits(b[:2])
	m, ok2 := ingest.Digits(b[2:])
	return sign * int64(h*60+m) * 60_000, true, ok1 && ok2 && h <= 14 && m < 60
}
