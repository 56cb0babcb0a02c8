package draft

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest/tabular"
)

// Draft is the study that reads some files.
type Draft struct {
	// Text is study.toml.
	Text string
	// Decide is what is left to decide, each in a line.
	Decide []string
}

// writer writes a draft.
type writer struct {
	strings.Builder
	decide []string
	dir    string
}

func (w *writer) line(form string, args ...any) { fmt.Fprintf(w, form+"\n", args...) }

// doubt says something in a comment, and that it is left to decide.
func (w *writer) doubt(what string) {
	what = oneLine(what)
	w.line("# TO DECIDE: %s", what)
	w.decide = append(w.decide, what)
}

// oneLine is a text of a file as it may stand in a comment.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// New drafts the study of a name whose file will stand in dir.
func New(dir, name, zone string, files []*File) *Draft {
	w := &writer{dir: dir}
	year, first, last := window(files, zone)
	w.line("# Drafted by entscope init. Each guess says what was seen; lines with TO DECIDE are not sure.")
	w.line("# Every key: entscope help study. Next: entscope help getting-started.\n")
	w.line("[study]\nname = %q", name)
	w.line("purpose = \"usages-familles\"  # part of every pseudonym: change it before the first run, or never")
	if first.IsZero() {
		w.doubt("start and end: no event was found to tell them")
		first, last, year = time.Now().AddDate(0, -3, 0), time.Now(), schoolYear(time.Now())
	}
	w.line("school_year = \"%d-%d\"\nterm = \"T1\"  # names the editions", year, year+1)
	w.line("start = %s  # first day with an event in the last school year there is\nend = %s  # last one",
		first.Format(time.DateOnly), last.Format(time.DateOnly))
	w.line("timezone = %q  # as --timezone said\nsubject = \"parent\"\n", zone)
	w.line("[key]\nfile = \"master.key\"  # made by entscope key init\n")
	spaces := namespaces(files)
	w.sources(files, spaces, time.Date(year, 8, 1, 0, 0, 0, 0, time.UTC))
	w.directory(files, spaces)
	w.line("[policies]\nresearch = \"policies/research.toml\"\nschools = \"policies/schools.toml\"")
	w.line("publication = \"policies/publication.toml\"\n")
	w.line("[output]\nrestricted = \"restricted\"  # personal data\neditions = \"editions\"")
	w.line("published = \"published\"\n")
	w.line("[limits]\nmemory_mb = 1024\nthreads = 2\nmax_reject_share = 0.05")
	for _, f := range files {
		if f.Kind == Unknown {
			what := fmt.Sprintf("%s is not read: %s%s", filepath.Base(f.Path), f.Seen, f.Doubt)
			w.decide = append(w.decide, oneLine(what))
		}
	}
	for _, archive := range mixed(files) {
		w.decide = append(w.decide, oneLine(fmt.Sprintf("%s holds files that are not read alike: unpack it",
			filepath.Base(archive))))
	}
	return &Draft{Text: w.String(), Decide: w.decide}
}

// schoolYear is the year in which the school year of a day began: 1 August to 31 July.
func schoolYear(t time.Time) int { return t.AddDate(0, -7, 0).Year() }

// window is the part of the last school year with events that has some.
func window(files []*File, zone string) (year int, first, last time.Time) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		location = time.UTC
	}
	for _, f := range files {
		if f.Kind == Events && f.Events > 0 {
			if t := time.UnixMilli(f.Span.LastMs).In(location); t.After(last) {
				last = t
			}
		}
	}
	if last.IsZero() {
		return 0, first, last
	}
	year = schoolYear(last)
	begin := time.Date(year, 8, 1, 0, 0, 0, 0, location)
	first = last
	for _, f := range files {
		if f.Kind != Events || f.Events == 0 || f.Span.LastMs < begin.UnixMilli() {
			continue
		}
		if t := time.UnixMilli(f.Span.FirstMs).In(location); t.Before(begin) {
			first = begin
		} else if t.Before(first) {
			first = t
		}
	}
	return year, first, last
}

// namespace is a list of accounts, and what its identifiers are called.
type namespace struct {
	name     string
	accounts map[uint64]bool
}

// namespaces names the lists of accounts: one for the tables of persons, one for each other
// list, after its file.
func namespaces(files []*File) map[*File]*namespace {
	persons := &namespace{name: "ent", accounts: map[uint64]bool{}}
	of := map[*File]*namespace{}
	taken := map[string]bool{persons.name: true}
	for _, f := range files {
		switch f.Kind {
		case Persons:
			maps.Copy(persons.accounts, f.accounts)
			of[f] = persons
		case Accounts:
			stem, _, _ := strings.Cut(filepath.Base(f.Path), ".")
			name := Key(stem)
			for i := 2; name == "" || taken[name]; i++ {
				name = Key(stem) + "_" + strconv.Itoa(i)
			}
			taken[name] = true
			of[f] = &namespace{name, f.accounts}
		}
	}
	return of
}

// nearest is the namespace that knows most of the accounts, if it knows half of them.
func nearest(accounts map[uint64]bool, spaces map[*File]*namespace) (name string, joined int) {
	for _, space := range spaces {
		n := shared(accounts, space.accounts)
		if n > joined || n == joined && space.name < name {
			name, joined = space.name, n
		}
	}
	if joined*2 < len(accounts) || joined == 0 {
		return "", joined
	}
	return name, joined
}

// sources writes the feeds, one for the files that are read alike.
func (w *writer) sources(files []*File, spaces map[*File]*namespace, begin time.Time) {
	var feeds [][]*File
	for _, f := range files {
		if f.Kind != Events {
			continue
		}
		i := slices.IndexFunc(feeds, func(feed []*File) bool { return feed[0].same(f) })
		if i < 0 {
			feeds = append(feeds, []*File{f})
		} else {
			feeds[i] = append(feeds[i], f)
		}
	}
	names := map[string]int{}
	for _, feed := range feeds {
		name := map[string]string{"combined": "front", "csv": "export"}[feed[0].Format]
		if name == "" {
			name = feed[0].Format
		}
		if names[name]++; names[name] > 1 {
			name += strconv.Itoa(names[name])
		}
		part := &writer{dir: w.dir}
		part.source(name, feed, spaces)
		if why := leftOut(feed, begin); why != "" {
			w.doubt(name + ": " + why + ": it is left out, as a comment")
			w.WriteString("# " + strings.ReplaceAll(strings.TrimSpace(part.String()), "\n", "\n# ") + "\n\n")
			continue
		}
		w.WriteString(part.String())
		w.decide = append(w.decide, part.decide...)
	}
	if len(feeds) == 0 {
		w.doubt("no log was recognised: write a [[source]]")
	}
}

// leftOut is why a feed has nothing to bring to the study; "" where it has something.
func leftOut(feed []*File, begin time.Time) string {
	var read, rejected int64
	for _, f := range feed {
		read, rejected = read+f.Read, rejected+f.Rejected
	}
	switch end := feedEnd(feed); {
	case end.IsZero() && 2*rejected >= read && rejected > 0: // what rejects them is left to decide
		return ""
	case end.IsZero():
		return "nobody is signed in in any of its records"
	case end.Before(begin):
		return "ends on " + end.Format(time.DateOnly) + ", before the school year of the others"
	}
	return ""
}

func feedEnd(feed []*File) (end time.Time) {
	for _, f := range feed {
		if t := time.UnixMilli(f.Span.LastMs).UTC(); f.Events > 0 && t.After(end) {
			end = t
		}
	}
	return end
}

// source writes one feed.
func (w *writer) source(name string, feed []*File, spaces map[*File]*namespace) {
	f := feed[0]
	var read, rejected int64
	accounts := map[uint64]bool{}
	for _, g := range feed {
		read, rejected = read+g.Read, rejected+g.Rejected
		maps.Copy(accounts, g.accounts)
	}
	w.line("[[source]]\nname = %q", name)
	w.line("format = %q  # %s; of all %d records %d are rejected", f.Format, f.Seen, read, rejected)
	w.files(feed)
	if space, joined := nearest(accounts, spaces); space != "" {
		w.line("accounts = %q  # %d of the %d accounts looked at are in its list", space, joined, len(accounts))
	} else {
		w.line("accounts = %q", name)
		if len(accounts) > 0 {
			w.doubt(fmt.Sprintf("%s: %d of the %d accounts looked at are in a list of accounts; name that list %q too",
				name, joined, len(accounts), name))
		}
	}
	if f.Doubt != "" {
		w.doubt(name + ": " + f.Doubt)
	}
	if f.Settings.Map != "" {
		w.line("map = %q", f.Settings.Map)
	}
	if f.Settings.Layout != "" {
		w.line("layout = %q", f.Settings.Layout)
	}
	if f.table != nil {
		w.table("source.csv", f.table, f.table.fields(Events))
	}
	w.line("")
}

func shared(a, b map[uint64]bool) (n int) {
	for k := range a {
		if b[k] {
			n++
		}
	}
	return n
}

// files writes the list of files, relative to the study.
func (w *writer) files(files []*File) {
	w.line("files = %s", w.list(files))
}

// list is the files, or the pattern of all that a folder holds of their kind, which those to
// come will fit too.
func (w *writer) list(files []*File) string {
	var names, paths []string
	for _, f := range files {
		if path := archiveOf(f.Path); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	if pattern, ok := patternOf(paths); ok {
		return "[" + quoted(w.relative(pattern)) + "]"
	}
	for _, path := range paths {
		names = append(names, quoted(w.relative(Pattern(path))))
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// archiveOf is the archive that a file lies in, as a study names it, or the file itself.
func archiveOf(path string) string {
	archive, _, _ := strings.Cut(path, "!/")
	return archive
}

// mixed are the archives that hold files which are not read alike: a study names an archive
// as a whole.
func mixed(files []*File) []string {
	first := map[string]*File{}
	var list []string
	for _, f := range files {
		archive := archiveOf(f.Path)
		if g := first[archive]; g == nil {
			first[archive] = f
		} else if !g.same(f) && !slices.Contains(list, archive) {
			list = append(list, archive)
		}
	}
	return list
}

// relative is a path as the study has it.
func (w *writer) relative(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(w.dir, absolute); err == nil {
		absolute = relative
	}
	return filepath.ToSlash(absolute)
}

// patternOf is the pattern that fits these files and no other; ok is false where there is
// none, or but one file.
func patternOf(paths []string) (pattern string, ok bool) {
	if len(paths) < 2 {
		return "", false
	}
	dir, stem := filepath.Split(paths[0])
	end := filepath.Ext(stem)
	for _, path := range paths {
		if filepath.Dir(path) != filepath.Dir(paths[0]) || filepath.Ext(path) != end {
			return "", false
		}
		for !strings.HasPrefix(filepath.Base(path), stem) {
			_, size := utf8.DecodeLastRuneInString(stem)
			stem = stem[:len(stem)-size]
		}
	}
	// Without the number in which they differ, or by their ending alone, they fit those to come.
	for _, begin := range []string{strings.TrimRight(stem, "0123456789-_."), stem} {
		pattern = Pattern(dir+begin) + "*" + Pattern(end)
		if matches, err := filepath.Glob(pattern); err == nil && len(matches) == len(paths) {
			return pattern, true
		}
	}
	return "", false
}

// Pattern is a path as a pattern that fits no other.
func Pattern(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// quoted is a string of TOML.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// directory writes who has which account, and the reference data.
func (w *writer) directory(files []*File, spaces map[*File]*namespace) {
	of := func(kind Kind) (list []*File) {
		for _, f := range files {
			if f.Kind == kind {
				list = append(list, f)
			}
		}
		return list
	}
	people := slices.Concat(of(AAF), of(SIECLE), of(Imports))
	if len(people) > 0 {
		w.line("[directory]")
		for kind, key := range []string{AAF: "aaf", SIECLE: "siecle", Imports: "imports"} {
			if list := of(Kind(kind)); key != "" && len(list) > 0 {
				w.line("%s = %s  # %s", key, w.list(list), list[0].Seen)
			}
		}
		if len(of(Accounts)) == 0 {
			w.doubt("[[directory.accounts]]: which account is whose")
		}
		w.line("")
	}
	for _, f := range of(Accounts) {
		w.line("[[directory.accounts]]  # %s", f.Seen)
		w.files([]*File{f})
		w.line("accounts = %q  # after its file", spaces[f].name)
		w.table("directory.accounts.csv", f.table, f.table.fields(Accounts))
		w.line("")
	}
	persons := of(Persons)
	for _, f := range persons {
		w.line("[[directory.persons]]  # %s", f.Seen)
		w.files([]*File{f})
		w.line("accounts = \"ent\"")
		w.table("directory.persons.csv", f.table, f.table.fields(Persons))
		w.line("")
	}
	if len(persons)+len(people) == 0 {
		w.doubt("no directory was recognised: nobody in the logs is a parent")
	}
	if list := of(Schools); len(list) > 0 {
		w.line("[reference.schools]  # %s", list[0].Seen)
		w.files(list)
		w.line("")
	} else {
		w.line("# [reference.schools] names the schools and tells their level; without it they are nameless.\n")
	}
	if list := of(Calendar); len(list) > 0 {
		w.line("[reference.calendar]  # %s", list[0].Seen)
		w.files(list)
		w.line("")
	}
}

// eventFields and personFields are the fields of each table that a heading may give.
var (
	eventFields   = []string{"at", "account", "profile", "school", "service", "action", "device", "child"}
	accountFields = []string{"person", "account", "profile", "created", "activated", "email", "phone", "school"}
	personFields  = []string{"person", "account", "profile", "school", "class", "level", "child", "email", "phone",
		"created", "activated"}
)

// fields are the columns that a kind of table takes, by field.
func (t *table) fields(kind Kind) map[string]int {
	columns := map[string]int{}
	names := map[Kind][]string{Events: eventFields, Persons: personFields, Accounts: accountFields}[kind]
	for _, field := range names {
		if i, ok := t.columns[field]; ok {
			columns[field] = i
		}
	}
	if _, ok := columns["person"]; kind == Persons && !ok {
		columns["person"] = columns["account"]
	}
	return columns
}

// columnLines are the columns, a line of TOML each.
func (t *table) columnLines() []string {
	var lines []string
	for field, i := range t.columns {
		lines = append(lines, field+" = "+quoted(t.headings[i]))
	}
	slices.Sort(lines)
	return lines
}

// table writes how a table is read.
func (w *writer) table(name string, t *table, columns map[string]int) {
	delimiter := t.delimiter
	if delimiter == "\t" {
		delimiter = "tab"
	}
	w.line("[%s]\ndelimiter = %s\ncharset = %q", name, quoted(delimiter), t.charset)
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		parts = append(parts, field+" = "+quoted(t.headings[columns[field]]))
	}
	w.line("columns = { %s }", strings.Join(parts, ", "))
	used := map[int]bool{}
	for _, i := range columns {
		used[i] = true
	}
	var unread []string
	for i, h := range t.headings {
		if !used[i] {
			unread = append(unread, h)
		}
	}
	if len(unread) > 0 {
		w.line("# not read: %s", oneLine(strings.Join(unread, ", ")))
	}
	for _, field := range categories {
		if _, ok := columns[field]; ok && len(t.values[field]) > 0 {
			w.words(field, t.values[field])
		}
	}
	for _, field := range times {
		if _, ok := columns[field]; ok && t.dates[field] != "" {
			key := "date"
			if field == "at" {
				key = "datetime"
			}
			w.line("%s = %s", key, quoted(t.dates[field]))
			if field != "at" {
				break // one layout for the days of a table
			}
		}
	}
}

// words writes what each value of a column of categories means.
func (w *writer) words(field string, counts map[string]int64) {
	var known, unknown []string
	for _, raw := range slices.Sorted(maps.Keys(counts)) {
		if word, ok := meaning(field, raw); ok && list(field).Check(word) == nil {
			known = append(known, quoted(raw)+" = "+quoted(word))
		} else if list(field).Check(raw) != nil {
			unknown = append(unknown, raw)
		}
	}
	if len(known) > 0 {
		w.line("values.%s = { %s }", field, strings.Join(known, ", "))
	}
	if len(unknown) > 0 {
		w.doubt(fmt.Sprintf("values.%s: what %s means; words: %s", field, strings.Join(unknown, ", "),
			strings.Join(list(field).Words(), ", ")))
	}
}

func list(field string) vocabulary.List {
	switch field {
	case "profile":
		return vocabulary.Profiles()
	case "service":
		return vocabulary.Services()
	case "action":
		return vocabulary.Actions()
	}
	return vocabulary.Devices()
}

// mapping is how a table of events is read, for the reader.
func (t *table) mapping(zone string) tabular.Mapping {
	m := tabular.Mapping{
		Delimiter: t.delimiter, Charset: t.charset, Columns: map[string]any{}, DateTime: t.dates["at"], Timezone: zone,
		Values: map[string]map[string]string{},
	}
	if m.Delimiter == "\t" {
		m.Delimiter = "tab"
	}
	for field, i := range t.fields(Events) {
		m.Columns[field] = t.headings[i]
		if counts := t.values[field]; slices.Contains(categories, field) && len(counts) > 0 {
			m.Values[field] = map[string]string{}
			for raw := range counts {
				if word, ok := meaning(field, raw); ok && list(field).Check(word) == nil {
					m.Values[field][raw] = word
				}
			}
		}
	}
	return m
}
