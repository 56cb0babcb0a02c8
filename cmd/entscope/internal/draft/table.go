package draft

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/tabular"
)

// maxWords is how many different values a column of categories has at most: a column of
// more holds names, and none of it is written down.
const maxWords = 60

// table is a delimited file as it was recognised.
type table struct {
	charset, delimiter string
	headings           []string
	columns            map[string]int // by field
	rows               int64
	dates              map[string]string           // the layout of a column of times, by field
	either             bool                        // day and month could be exchanged
	values             map[string]map[string]int64 // how often a word stands in a column of categories
	accounts           map[uint64]bool
}

// categories are the fields whose values are words of the vocabulary.
var categories = []string{"profile", "service", "device", "action"}

// times are the fields whose values are days or instants.
var times = []string{"at", "created", "activated"}

// layouts are how days and instants are written, the ways of French products first.
var layouts = []string{
	"02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006 à 15:04", "02/01/2006", "2006-01-02 15:04:05",
	"2006-01-02 15:04:05.000", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05.000Z07:00", "2006-01-02", "20060102", "02-01-2006 15:04:05", "02-01-2006",
	"02.01.2006 15:04:05",
	"01/02/2006 15:04:05", "01/02/2006 15:04", "01/02/2006", "unix", "unix_ms",
}

const eitherDoubt = "every date fits with the day and the month exchanged: the day is taken to come first"

const noLayout = "an access log, in no layout that has a name; see entscope help layouts. It tells of persons only " +
	"where the server writes who is signed in (%u, $remote_user)"

const noTable = "neither a log nor a table that is known; describe it as csv, see entscope help study"

// asTable recognises a delimited file.
func (f *File) asTable(path string, head []byte, zone string) (bool, error) {
	t := &table{charset: cmp.Or(tabular.GuessCharset(head), "utf-8"), columns: map[string]int{},
		values: map[string]map[string]int64{}, dates: map[string]string{}, accounts: map[uint64]bool{}}
	if !t.readHeadings(head) {
		if f.Doubt == "" {
			f.Doubt = noTable
		}
		if bytes.Count(head, []byte(" HTTP/"))*2 > bytes.Count(head, []byte{'\n'}) {
			f.Doubt = noLayout
		}
		return false, nil
	}
	if kind := ministry(t.headings); kind != Unknown {
		f.Kind, f.Seen = kind, "the ministry's own headings"
		return true, nil
	}
	if err := t.read(path); err != nil {
		return false, err
	}
	_, at := t.dates["at"]
	_, account := t.columns["account"]
	_, person := t.columns["person"]
	has := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(name string) bool { _, ok := t.columns[name]; return ok })
	}
	if at && account && !has("service", "action", "device") && registerOf(path) != "" {
		if ok, err := f.asRegister(path, t); ok || err != nil {
			return ok, err
		}
	}
	switch {
	case at && account:
		f.Kind, f.Format = Events, "csv"
	case (account || person) && has("profile") && has("school", "class", "child"):
		f.Kind = Persons
	case account && person && has("profile", "created", "activated", "email"):
		f.Kind = Accounts
	case imported(t.headings):
		f.Kind, f.Seen = Imports, "the headings of an import of entcore or Onde"
		return true, nil
	default:
		if ok, err := f.asRegister(path, t); ok || err != nil || f.Doubt != "" {
			return ok, err
		}
		f.Doubt = "a table without a time and an account, or an account and a profile, under a heading that is " +
			"known; describe it as csv, see entscope help study, or as a register, see entscope help registers"
		return false, nil
	}
	f.table, f.accounts = t, t.accounts
	f.Seen = fmt.Sprintf("%d rows, %s, delimiter %q", t.rows, t.charset, t.delimiter)
	if t.either {
		f.Doubt = eitherDoubt
	}
	if f.Kind == Events {
		mapping := t.mapping(zone)
		f.Settings = format.Settings{CSV: &mapping}
	}
	return true, nil
}

// decoded is a file's text as UTF-8.
func (t *table) decoded(r io.Reader) io.Reader {
	switch t.charset {
	case "iso-8859-1":
		return charmap.ISO8859_1.NewDecoder().Reader(r)
	case "windows-1252":
		return charmap.Windows1252.NewDecoder().Reader(r)
	}
	return r
}

// readHeadings finds the delimiter that cuts the lines into the same number of fields, and
// the columns whose headings are known; ok is false where there is no table.
func (t *table) readHeadings(head []byte) (ok bool) {
	most := 1
	for _, delimiter := range []byte{';', '\t', ',', '|'} {
		scan := tabular.NewScanner(t.decoded(bytes.NewReader(head)), delimiter, '"')
		var headings []string
		rows, even := 0, 0
		for scan.Scan() && rows < 200 {
			fields := scan.Fields()
			if rows == 0 {
				for _, h := range fields {
					headings = append(headings, strings.Trim(string(h), "\ufeff "))
				}
			}
			if rows++; len(fields) == len(headings) {
				even++
			}
		}
		if len(headings) > most && even*10 >= rows*9 && rows > 1 {
			most, t.headings, t.delimiter = len(headings), headings, string(delimiter)
		}
	}
	for i, h := range t.headings {
		if field, known := meaning("heading", h); known {
			if _, taken := t.columns[field]; !taken {
				t.columns[field] = i
			}
		}
	}
	return most > 1
}

// read reads the whole table: how its times are written, which words its categories have.
func (t *table) read(path string) error {
	d, err := source.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	fits := map[string][]int64{}
	filled := map[string]int64{}
	scan := tabular.NewScanner(t.decoded(d), t.delimiter[0], '"')
	for first := true; scan.Scan(); first = false {
		row := scan.Fields()
		if first || t.isHeading(row) {
			continue
		}
		t.rows++
		value := func(field string) string {
			if i, ok := t.columns[field]; ok && i < len(row) {
				return strings.TrimSpace(string(row[i]))
			}
			return ""
		}
		for _, field := range categories {
			if text := value(field); text != "" && len(t.values[field]) <= maxWords {
				if t.values[field] == nil {
					t.values[field] = map[string]int64{}
				}
				t.values[field][text]++
			}
		}
		for _, field := range times {
			if text := value(field); text != "" {
				filled[field]++
				fits[field] = tried(fits[field], text)
			}
		}
		if a := value("account"); a != "" {
			t.accounts[maphash.String(seed, a)] = true
		}
	}
	t.chooseDates(fits, filled)
	for field, words := range t.values {
		if len(words) > maxWords { // names, not categories
			delete(t.values, field)
			delete(t.columns, field)
		}
	}
	return scan.Err()
}

// isHeading tells the headings where they stand again, as in files put one behind the other.
func (t *table) isHeading(row [][]byte) bool {
	for i, field := range row {
		if i >= len(t.headings) || strings.Trim(string(field), "\ufeff ") != t.headings[i] {
			return false
		}
	}
	return len(row) == len(t.headings)
}

// tried counts which layouts fit a text.
func tried(fits []int64, text string) []int64 {
	if fits == nil {
		fits = make([]int64, len(layouts))
	}
	for i, layout := range layouts {
		switch layout {
		case "unix", "unix_ms":
			_, err := strconv.ParseInt(text, 10, 64)
			if err == nil && (len(text) == 10) == (layout == "unix") && (len(text) == 10 || len(text) == 13) {
				fits[i]++
			}
		default:
			if _, err := time.Parse(layout, text); err == nil {
				fits[i]++
			}
		}
	}
	return fits
}

// chooseDates takes the first layout that fits best. What is a time by its heading and has
// none that fits is no time.
func (t *table) chooseDates(fits map[string][]int64, filled map[string]int64) {
	for _, field := range times {
		if filled[field] == 0 {
			delete(t.columns, field)
			continue
		}
		best := 0
		for i, n := range fits[field] {
			if n > fits[field][best] {
				best = i
			}
		}
		n := fits[field][best]
		if n*100 < filled[field]*95 {
			delete(t.columns, field)
			continue
		}
		t.dates[field] = layouts[best]
		t.either = t.either || field == "at" && exchangeable(fits[field], best)
	}
}

// exchangeable reports whether all that fits a layout fits with the day and the month exchanged.
func exchangeable(fits []int64, best int) bool {
	i := slices.Index(layouts, strings.Replace(layouts[best], "02/01", "01/02", 1))
	return i >= 0 && i != best && fits[i] == fits[best]
}

// ministry tells the open data of the ministry by their headings.
func ministry(headings []string) Kind {
	has := func(key string) bool {
		return slices.ContainsFunc(headings, func(h string) bool { return Key(h) == key })
	}
	switch {
	case has("population") && has("datededebut") && has("datedefin"):
		return Calendar
	case has("uai") && has("ips"), has("identifiantdeletablissement") && has("typeetablissement"):
		return Schools
	}
	return Unknown
}

// imported tells the imports of entcore and Onde, which name people and no account.
func imported(headings []string) bool {
	has := func(keys ...string) bool {
		return slices.ContainsFunc(headings, func(h string) bool { return slices.Contains(keys, Key(h)) })
	}
	return has("nom", "nomeleve", "nomresponsable") && has("prenom", "prenomeleve", "prenomresponsable") &&
		has("classes", "classe", "classesdeleleve", "classesenfants", "datedenaissance", "datenaissance")
}
