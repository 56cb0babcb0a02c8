package directory

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/grade"
)

// An AAF file's name tells its feed, whether it is a full export or a delta, its
// day, and its category: "ENT2DVA-ENT16_Complet_20240916_PersEducNat_0000.xml".
var aafName = regexp.MustCompile(`(?i)^(.*?)_?(complet|delta)_([0-9]{8})_([a-z]+)_?[0-9]*\.xml`)

// aafOrder is the order of the categories within one export, so that what a
// record refers to is known when it is read.
var aafOrder = []string{"mefeducnat", "matiereeducnat", "etabeducnat", "perseducnat", "persreleleve", "eleve"}

type aafFile struct {
	path, feed string
	delta      bool
	day        int32 // of the export, -1 unknown
	order      int
}

func parseAAFName(path string) aafFile {
	f := aafFile{path: path, day: -1, order: len(aafOrder)}
	base := filepath.Base(path)
	m := aafName.FindStringSubmatch(base)
	if m == nil {
		for i, c := range aafOrder {
			if strings.Contains(strings.ToLower(base), c) {
				f.order = i
				break // "persreleleve" stands before "eleve"
			}
		}
		return f
	}
	f.feed, f.delta = m[1], strings.EqualFold(m[2], "delta")
	if t, err := time.Parse("20060102", m[3]); err == nil {
		f.day = day(t.Year(), t.Month(), t.Day())
	}
	if i := slices.Index(aafOrder, strings.ToLower(m[4])); i >= 0 {
		f.order = i
	}
	return f
}

// member is a membership while snapshots are being read.
type member struct {
	memberKey
	from, to int32 // to is -1 while it lasts
	feed     int32 // number of its AAF feed, 0 for tables
	seen     int32 // number of the export that had it last
}

type memberKey struct{ person, place, level, class int32 }

// readAAF reads the exports in the order of their days, full before delta. A
// full export ends the memberships of its feed that it does not repeat, of pupils
// and of staff where it has files of them; a delta ends those it replaces or
// deletes. Links are those of all exports, but for the pupils whose links a delta
// replaces and the guardians it deletes.
func (b *builder) readAAF(ctx context.Context) error {
	b.levels.add(nil) // 0: no level
	var files []aafFile
	for _, path := range b.o.AAF {
		files = append(files, parseAAFName(path))
	}
	slices.SortStableFunc(files, func(x, y aafFile) int {
		for _, c := range []int{int(x.day - y.day), strings.Compare(x.feed, y.feed), btoi(x.delta) - btoi(y.delta),
			x.order - y.order,
			strings.Compare(filepath.Base(x.path), filepath.Base(y.path))} {
			if c != 0 {
				return c
			}
		}
		return 0
	})
	feeds := map[string]int32{}
	for i, export := 0, int32(1); i < len(files); export++ {
		j := i
		for j < len(files) && files[j].day == files[i].day && files[j].feed == files[i].feed &&
			files[j].delta == files[i].delta {
			j++
		}
		a := aafReader{builder: b, file: files[i], export: export, first: feeds[files[i].feed] == 0}
		if a.first {
			feeds[files[i].feed] = int32(len(feeds) + 1)
		}
		a.feed = feeds[files[i].feed]
		for _, f := range files[i:j] {
			if err := b.read(ctx, f.path, "aaf", a.readFile); err != nil {
				return err
			}
		}
		a.finish()
		i = j
	}
	return nil
}

func btoi(v bool) int {
	if v {
		return 1
	}
	return 0
}

// aafReader reads the files of one export.
type aafReader struct {
	*builder
	file    aafFile
	export  int32
	feed    int32
	first   bool // the first export of its feed
	pupils  bool // the export holds pupils
	teams   bool // and staff
	badLink int64
	before  *before
	rec     record
	text    []byte
	counts  *FileCounts
}

// readFile hands each request of a file to the reader of its category. A broken
// record costs itself: reading goes on at the next request.
func (a *aafReader) readFile(r io.Reader, counts *FileCounts) error {
	a.counts = counts
	x, err := newXMLReader(r, isName)
	if err != nil {
		return err
	}
	for {
		err := a.readRequests(x)
		if x.err != nil {
			return x.err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, errXMLEnd) {
			counts.reject(ingest.ReasonTruncated)
			counts.Cut = true
			return nil
		}
		if errors.Is(err, errXMLToken) {
			counts.reject(ingest.ReasonTooLong)
		} else {
			counts.reject(ingest.ReasonMalformed)
		}
		if !x.resync() {
			return nil
		}
	}
}

func isName(attr []byte) bool { return string(attr) == "name" }

// resync moves to the next request and forgets what was open.
func (x *xmlReader) resync() bool {
	x.selfClose = false
	if x.need(1) {
		x.advance(1)
	}
	for x.need(16) {
		window := x.buf[x.pos:x.end]
		for _, tag := range []string{"<addRequest", "<modifyRequest", "<deleteRequest"} {
			if bytes.HasPrefix(window, []byte(tag)) {
				x.depth = 1
				x.names[0] = append(x.names[0][:0], "ficAlimMENESR"...)
				return true
			}
		}
		next := bytes.IndexByte(window[1:], '<')
		if next < 0 {
			x.advance(len(window) - 1)
			if !x.need(2) {
				return false
			}
			x.advance(1)
			continue
		}
		x.advance(next + 1)
	}
	return false
}

// maxValue is the longest value taken from a record, maxValues their number in one attribute.
const (
	maxValue  = 4096
	maxValues = 512
)

func (a *aafReader) readRequests(x *xmlReader) error {
	rec := &a.rec
	inside, operational, taking, tooMuch := false, false, false, false
	attr := noAttr
	for {
		t, err := x.next()
		if err != nil {
			return err
		}
		switch t.kind {
		case startTag:
			taking = false
			switch string(t.name) {
			case "addRequest", "modifyRequest", "deleteRequest":
				rec.reset(t.name[0])
				inside, operational, tooMuch, attr = true, false, false, noAttr
			case "operationalAttributes":
				operational = true
			case "attr", "modification":
				attr = noAttr
				if n, ok := aafAttrs[string(t.attr)]; ok {
					attr = n
				}
				if operational {
					attr = attrCategory
				}
				if inside && attr != noAttr {
					rec.present[attr] = true
				}
			case "id":
				attr, taking, a.text = attrID, inside, a.text[:0]
			case "value":
				taking, a.text = inside && attr != noAttr, a.text[:0]
			}
		case charData:
			if taking {
				if len(a.text)+len(t.text) > maxValue {
					taking, tooMuch = false, true
					continue
				}
				a.text = append(a.text, t.text...)
			}
		case endTag:
			switch string(t.name) {
			case "operationalAttributes":
				operational = false
			case "id", "value":
				if taking {
					tooMuch = !rec.add(attr, bytes.TrimSpace(a.text)) || tooMuch
				}
				taking = false
			case "addRequest", "modifyRequest", "deleteRequest":
				if inside {
					a.book(a.handle(tooMuch))
				}
				inside = false
			}
		}
	}
}

// outcome is what became of a record.
type outcome struct {
	used   bool
	reason ingest.Reason // of a reject; with used false and no reason: ignored
}

func (a *aafReader) book(o outcome) {
	switch {
	case o.reason != "":
		a.counts.reject(o.reason)
	case o.used:
		a.counts.Used++
	default:
		a.counts.Ignored++
	}
}

func (a *aafReader) handle(tooMuch bool) outcome {
	rec := &a.rec
	category := string(bytes.ToLower(rec.first(attrCategory)))
	if i := strings.LastIndexByte(category, ','); i >= 0 {
		category = category[i+1:]
	}
	id := rec.first(attrID)
	if len(id) == 0 {
		id = rec.first(attrJointure)
	}
	switch {
	case tooMuch || len(id) > ingest.MaxID:
		return outcome{reason: ingest.ReasonTooLong}
	case len(id) == 0:
		return outcome{reason: ingest.ReasonMissingField}
	}
	switch category {
	case "eleve":
		return a.pupil(id)
	case "persreleleve":
		return a.guardian(id)
	case "perseducnat":
		return a.staff(id)
	case "etabeducnat", "structure":
		return a.etab(id)
	case "mefeducnat", "mef":
		if l := grade.Level(string(rec.first(attrMefLabel))); l != "" {
			a.mefs[string(id)] = l
		}
		return outcome{used: true}
	}
	return outcome{} // subjects, and what later versions may add
}

// The attributes that are read; all others, names and addresses first, are
// passed over by the tokenizer and never stored.
const (
	attrID = iota
	attrCategory
	attrJointure
	attrStruct
	attrClasses
	attrMEF
	attrMEFLabelOfPupil
	attrNiv
	attrLinks
	attrAuthority
	attrParents
	attrFather
	attrMother
	attrOther1
	attrOther2
	attrChildren
	attrMail
	attrMobile
	attrHomePhone
	attrPhone
	attrFunctions
	attrFacing
	attrUAI
	attrUAI2
	attrName
	attrType
	attrContract
	attrAcademie
	attrMefLabel
	attrCount
	noAttr = -1
)

var aafAttrs = map[string]int{
	"ENTPersonJointure": attrJointure, "ENTStructureJointure": attrJointure, "ENTMefJointure": attrJointure,
	"ENTPersonStructRattach": attrStruct, "ENTEleveClasses": attrClasses, "ENTEleveMEF": attrMEF,
	"ENTEleveLibelleMEF": attrMEFLabelOfPupil, "ENTEleveNivFormation": attrNiv, "ENTElevePersRelEleve": attrLinks,
	"ENTEleveAutoriteParentale": attrAuthority, "ENTEleveParents": attrParents, "ENTElevePere": attrFather,
	"ENTEleveMere": attrMother, "ENTElevePersRelEleve1": attrOther1, "ENTElevePersRelEleve2": attrOther2,
	"ENTPersRelEleveEleve": attrChildren, "mail": attrMail, "mobile": attrMobile, "homePhone": attrHomePhone,
	"telephoneNumber": attrPhone, "ENTPersonFonctions": attrFunctions, "PersEducNatPresenceDevantEleves": attrFacing,
	"ENTStructureUAI": attrUAI, "ENTEtablissementUAI": attrUAI2, "ENTStructureNomCourant": attrName,
	"ENTStructureTypeStruct": attrType, "ENTEtablissementContrat": attrContract, "ENTServAcAcademie": attrAcademie,
	"ENTLibelleMef": attrMefLabel,
}

// record is one request: the values of the attributes that are read.
type record struct {
	request byte // 'a', 'm' or 'd'
	present [attrCount]bool
	values  [attrCount][][]byte
	arena   []byte
}

func (r *record) reset(request byte) {
	r.request, r.arena = request, r.arena[:0]
	for i := range r.values {
		r.present[i], r.values[i] = false, r.values[i][:0]
	}
}

// add keeps a value; it reports false when there are too many.
func (r *record) add(attr int, value []byte) bool {
	if len(value) == 0 {
		return true
	}
	if len(r.values[attr]) == maxValues {
		return false
	}
	begin := len(r.arena)
	r.arena = append(r.arena, value...) // earlier values keep the arena they were cut from
	r.values[attr] = append(r.values[attr], r.arena[begin:len(r.arena):len(r.arena)])
	return true
}

func (r *record) first(attr int) []byte {
	if len(r.values[attr]) == 0 {
		return nil
	}
	return r.values[attr][0]
}
