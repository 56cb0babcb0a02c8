package national

import (
	"bytes"
	"maps"
	"slices"

	"github.com/entscope/entscope/ingest"
)

// row is one school and week of a file.
type row struct {
	uai    uint64
	week   int32
	values []int64 // of each of columnsOf the kind; null
}

// place is where something was found first.
type place struct {
	Line int64 `json:"line"`
	// block is the part of the file that it was found in: its line is counted from the
	// beginning of that part until all parts are known.
	block uint32
}

func (p place) before(q place) bool {
	return p.block < q.block || p.block == q.block && p.Line < q.Line
}

// tally counts what became of the rows of a file, or of a part of it.
type tally struct {
	accepted int64
	ignored  int64 // headings that stand again
	rejects  map[ingest.Reason]int64
	first    map[ingest.Reason]place
	// unread counts durations that could not be read, each a null; more users than
	// visits, and profiles that add up to more than all, are rows as they came.
	unread, inverted, exceeding int64
	firstUnread                 place
	// extra adds up the unknown columns that look like a measure: rows filled, total.
	extra map[int]extraTotal
	last  int32 // the latest week
}

type extraTotal struct{ filled, total int64 }

func newTally() *tally {
	return &tally{rejects: map[ingest.Reason]int64{}, first: map[ingest.Reason]place{}, extra: map[int]extraTotal{}}
}

func (t *tally) refuse(reason ingest.Reason, at place) {
	t.rejects[reason]++
	if was, ok := t.first[reason]; !ok || at.before(was) {
		t.first[reason] = at
	}
}

// add takes over what another part of the file counted.
func (t *tally) add(o *tally) {
	t.accepted += o.accepted
	t.ignored += o.ignored
	for reason, n := range o.rejects {
		t.rejects[reason] += n
		if was, ok := t.first[reason]; !ok || o.first[reason].before(was) {
			t.first[reason] = o.first[reason]
		}
	}
	if o.unread > 0 && (t.unread == 0 || o.firstUnread.before(t.firstUnread)) {
		t.firstUnread = o.firstUnread
	}
	t.unread += o.unread
	t.inverted += o.inverted
	t.exceeding += o.exceeding
	for i, e := range o.extra {
		t.extra[i] = extraTotal{t.extra[i].filled + e.filled, t.extra[i].total + e.total}
	}
	t.last = max(t.last, o.last)
}

// refused is how many rows were.
func (t *tally) refused() (n int64) {
	for _, count := range t.rejects {
		n += count
	}
	return n
}

// reasons are those of the refusals, the most frequent first.
func (t *tally) reasons() []ingest.Reason {
	return slices.SortedFunc(maps.Keys(t.rejects), func(a, b ingest.Reason) int {
		if d := t.rejects[b] - t.rejects[a]; d != 0 {
			return int(min(max(d, -1), 1))
		}
		return bytes.Compare([]byte(a), []byte(b))
	})
}

// decoder makes rows of the records of one file, for the use of one goroutine.
type decoder struct {
	layout  *layout
	columns []column
	// heads are the columns of the profiles, where the file has them, to compare their
	// sum with the total.
	visits, users []int
	row           row
	tally         *tally
	schools       *schools
	emit          func(*row, place) error
}

func newDecoder(l *layout, emit func(*row, place) error) *decoder {
	d := &decoder{layout: l, columns: columnsOf(l.kind), tally: newTally(), schools: newSchools(), emit: emit}
	d.row.values = make([]int64, len(d.columns))
	for i := 0; i < len(d.columns); i += len(measures) {
		d.visits, d.users = append(d.visits, i), append(d.users, i+1)
	}
	return d
}

// decode makes a row of one record, or a refusal. Only the writing of the row can fail.
func (d *decoder) decode(record [][]byte, at place) error {
	if reason := d.read(record, at); reason != "" {
		d.tally.refuse(reason, at)
		return nil
	}
	d.tally.accepted++
	d.tally.last = max(d.tally.last, d.row.week)
	d.doubt()
	for _, i := range d.layout.extra {
		if n, ok := count(record[i]); ok && n != null {
			e := d.tally.extra[i]
			d.tally.extra[i] = extraTotal{e.filled + 1, e.total + n}
		}
	}
	d.schools.see(&d.row, d.layout, record)
	return d.emit(&d.row, at)
}

func (d *decoder) read(record [][]byte, at place) ingest.Reason {
	l := d.layout
	for len(record) > l.width && len(trim(record[len(record)-1])) == 0 {
		record = record[:len(record)-1] // a separator at the end of the line
	}
	if len(record) != l.width {
		return ingest.ReasonFields
	}
	var ok bool
	if d.row.uai, ok = code(record[l.ident[fUAI]]); !ok {
		return ingest.ReasonUnknownValue
	}
	var reason ingest.Reason
	if d.row.week, reason = monday(record[l.ident[fWeek]]); reason != "" {
		return reason
	}
	for i, position := range l.numbers {
		switch {
		case position < 0:
			d.row.values[i] = null
		case d.columns[i].duration:
			if d.row.values[i], ok = duration(record[position]); !ok {
				if d.tally.unread++; d.tally.unread == 1 || at.before(d.tally.firstUnread) {
					d.tally.firstUnread = at
				}
			}
		default:
			if d.row.values[i], ok = count(record[position]); !ok {
				return ingest.ReasonType
			}
		}
	}
	return ""
}

// doubt counts rows that contradict themselves and are kept as they came.
func (d *decoder) doubt() {
	v := d.row.values
	for i := range d.visits {
		if visits, users := v[d.visits[i]], v[d.users[i]]; visits != null && users > visits {
			d.tally.inverted++
			break
		}
	}
	if d.layout.kind != Profiles || v[0] == null {
		return
	}
	var sum int64
	for _, i := range d.visits[1:] {
		sum += max(v[i], 0)
	}
	if sum > v[0] {
		d.tally.exceeding++
	}
}
