package draft

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
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
	w.registers(files, spaces)
	w.line("[policies]\nresearch = \"policies/research.toml\"\nschools = \"policies/schools.toml\"")
	w.line("publication = \"policies/publication.toml\"\n")
	w.legal(last)
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

// files writes the list of files, relative to the study.
func (w *writer) files(files []*File) {
	w.line("files = %s", w.list(files))
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
