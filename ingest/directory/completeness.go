package directory

import (
	"io"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/tabular"
)

// What has no counterpart in the logs can be cut without a trace. Here it gets its traces: how a file ends, how many
// records there are, and whether those whom one part names are there in the other.

// Declared is the number of records that the study says a table has.
type Declared struct {
	Table             string
	Records, Expected int64
}

// ends notes how a file of rows ends.
func (f *FileCounts) ends(rows *tabular.Rows) {
	f.Open = rows.OpenEnded()
	f.Cut = f.Open && rows.LastRefused()
}

// ending remembers the last byte that was read.
type ending struct {
	io.Reader
	last byte
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if n > 0 {
		e.last = p[n-1]
	}
	return n, err
}

// records is the number of records of a file, without headings. Whose record is left out because somebody objects has
// been delivered all the same: nothing is missing.
func (f *FileCounts) records() int64 {
	if f.Kind == "aaf" || f.Kind == "siecle" {
		return f.Read()
	}
	return f.Read() - f.Ignored + f.objecting
}

// expected compares the tables for which the study says how many records they have.
func (b *builder) expected() {
	declare := func(table, kind string, files []string, expected int64) {
		if expected == 0 {
			return
		}
		d := Declared{Table: table, Expected: expected}
		for i := range b.d.Files {
			if f := &b.d.Files[i]; f.Kind == kind && slices.Contains(files, f.path) {
				d.Records += f.records()
			}
		}
		b.d.Declared = append(b.d.Declared, d)
	}
	declare("aaf", "aaf", b.o.AAF, b.o.Expected.AAF)
	declare("siecle", "siecle", b.o.SIECLE, b.o.Expected.SIECLE)
	declare("imports", "import", b.o.Imports, b.o.Expected.Imports)
	for _, of := range []struct {
		kind   string
		tables []Table
	}{{"persons", b.o.Persons}, {"accounts", b.o.Accounts}, {"merges", b.o.Merges}} {
		for _, t := range of.tables {
			declare(strings.TrimSpace(of.kind+" "+t.Accounts), of.kind, t.Files, t.Expected)
		}
	}
	if b.o.Schools != nil {
		declare("schools", "schools", b.o.Schools.Files, b.o.Schools.Expected)
	}
}

// Expect notes how many records a register should have.
func (l *Lookup) Expect(register string, expected int64) {
	d := Declared{Table: register, Expected: expected}
	for i := range l.b.d.Files {
		if f := &l.b.d.Files[i]; f.Kind == register {
			d.Records += f.records()
		}
	}
	l.b.d.Declared = append(l.b.d.Declared, d)
}

// sizes counts what the next delivery is compared with: persons by the kind of export they come from, however many
// exports there are, links, the accounts of each namespace and the rows of each other table.
func (b *builder) sizes() {
	sizes := map[string]int64{}
	for i := range b.d.Persons {
		if p := &b.d.Persons[i]; p.own && p.Same == int32(i) {
			sizes[b.d.Namespaces[p.Namespace]]++
		}
	}
	sizes["links"] = int64(len(b.d.Links)) + b.objecting
	for _, a := range b.d.Accounts {
		sizes["accounts "+strings.TrimPrefix(b.d.Namespaces[a.Namespace], "account/")]++
	}
	for i := range b.d.Files {
		switch f := &b.d.Files[i]; f.Kind {
		case "aaf", "siecle", "import", "accounts": // counted above
		default:
			sizes[f.Kind] += f.records()
		}
	}
	b.d.Sizes = sizes
}

// joinParts counts, of those whom one part of the directory names, how many another knows.
func (b *builder) joinParts() {
	pupil := make([]bool, len(b.d.Persons)) // who belongs to a school
	for _, m := range b.d.Memberships {
		pupil[m.Person] = true
	}
	child, guardian := make([]bool, len(b.d.Persons)), make([]bool, len(b.d.Persons))
	for _, l := range b.d.Links {
		child[l.Child], guardian[l.Guardian] = true, true
	}
	const whole = "are the files of pupils and of guardians whole, and of one day?"
	exported := join.Join{From: "links", Unit: join.Persons, Stated: true, Close: true, Hint: whole}
	children, guardians := exported, exported
	children.To, guardians.To = "the pupils of the directory", "the guardians of the directory"
	pupils := join.Join{From: "pupils", To: "the links", Unit: join.Persons}
	parents := join.Join{From: "guardians", To: "the links", Unit: join.Persons}
	for i := range b.d.Persons {
		p := &b.d.Persons[i]
		if p.Same != int32(i) {
			continue
		}
		named(&children, child[i], pupil[i])
		named(&guardians, guardian[i], p.own)
		named(&pupils, p.Profile == ingest.ProfilePupil && pupil[i], child[i])
		named(&parents, p.Profile == ingest.ProfileParent && p.own, guardian[i])
	}
	joins := []join.Join{children, guardians, pupils, parents}
	for ns, name := range b.d.Namespaces {
		if c := b.enrolled[int32(ns)]; c != nil {
			joins = append(joins, join.Join{
				From: "accounts " + strings.TrimPrefix(name, "account/"), To: "the directory", Unit: join.Accounts,
				Named: c.named, Known: c.known,
				Stated: len(b.o.AAF)+len(b.o.SIECLE)+len(b.o.Imports)+len(b.o.Persons) > 0,
				Hint:   "does the column of the person hold the directory's identifiers?",
			})
		}
	}
	b.d.Joins = append(joins, b.d.Joins...)
}

func named(j *join.Join, is, known bool) {
	if is {
		j.Named++
		if known {
			j.Known++
		}
	}
}

// enrolment counts the accounts of a namespace, and those whose person a directory names.
type enrolment struct{ named, known int64 }

func (b *builder) enrol(namespace string, known bool) {
	ns := b.namespace("account/" + namespace)
	c := b.enrolled[ns]
	if c == nil {
		c = &enrolment{}
		b.enrolled[ns] = c
	}
	c.named++
	if known {
		c.known++
	}
}
