package directory

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/grade"
)

// SIECLE (Base élèves établissement) exports two XML files for each school:
//
//	BEE_ELEVES: PARAMETRES/UAJ, ELEVE@ELEVE_ID with CODE_MEF and DATE_SORTIE,
//	            STRUCTURES_ELEVE@ELEVE_ID with STRUCTURE (CODE_STRUCTURE, TYPE_STRUCTURE D or G)
//	BEE_RESPONSABLES: PERSONNE@PERSONNE_ID with MEL and TEL_…, RESPONSABLE_ELEVE
//	            with ELEVE_ID, PERSONNE_ID and RESP_LEGAL (1 first, 2 second legal
//	            guardian, 0 a contact)
//
// as the import code of SACoche and of the Pix platform read them (facts,
// section 2.5). The elements may come in any order. Former pupils stay in the
// file with a DATE_SORTIE; the division "Inactifs" is none.
const (
	sieclePupil    = "siecle/pupil"
	siecleGuardian = "siecle/parent"
)

func (b *builder) readSIECLE(ctx context.Context) error {
	for _, path := range b.o.SIECLE {
		s := siecleReader{builder: b, pupils: map[string]*sieclePupilRecord{}}
		if err := b.read(ctx, path, "siecle", s.readFile); err != nil {
			return err
		}
	}
	return nil
}

// siecleReader reads one file of one school.
type siecleReader struct {
	*builder
	counts *FileCounts
	uai    []byte
	pupils map[string]*sieclePupilRecord // by ELEVE_ID; a school has at most some thousands
	order  []string
	fields [siecleFields][]byte // of the current record
	taken  int                  // field of the current element, -1 none
	text   []byte
}

// sieclePupilRecord is what two parts of the file say of one pupil.
type sieclePupilRecord struct {
	enrolled bool // there is an ELEVE element
	mef      string
	left     int32 // DATE_SORTIE, -1 none
	classes  []string
}

// Elements whose text is read; no name, address or number among them but as
// whether it is there.
const (
	siecleMEF = iota
	siecleLeft
	siecleCode
	siecleType
	siecleChild
	siecleGuardianID
	siecleRank
	siecleMail
	sieclePhone
	siecleUAI
	siecleFields
)

var siecleElements = map[string]int{
	"CODE_MEF": siecleMEF, "DATE_SORTIE": siecleLeft, "CODE_STRUCTURE": siecleCode, "TYPE_STRUCTURE": siecleType,
	"ELEVE_ID": siecleChild, "PERSONNE_ID": siecleGuardianID, "RESP_LEGAL": siecleRank, "MEL": siecleMail,
	"TEL_PERSONNEL": sieclePhone, "TEL_PORTABLE": sieclePhone, "TEL_PROFESSIONNEL": sieclePhone, "UAJ": siecleUAI,
}

// maxPupils bounds the pupils of one file.
const maxPupils = 100_000

func (s *siecleReader) readFile(r io.Reader, counts *FileCounts) error {
	s.counts = counts
	x, err := newXMLReader(r, siecleIDs)
	if err != nil {
		return err
	}
	if err := s.readElements(x); err != nil {
		if x.err != nil {
			return x.err
		}
		reason := ingest.ReasonMalformed
		if errors.Is(err, errXMLEnd) {
			reason, counts.Cut = ingest.ReasonTruncated, true
		}
		counts.reject(reason)
	}
	s.enrol()
	return nil
}

// siecleIDs are the attributes that identify a pupil or a guardian.
func siecleIDs(name []byte) bool { return string(name) == "ELEVE_ID" || string(name) == "PERSONNE_ID" }

func (s *siecleReader) readElements(x *xmlReader) error {
	var id []byte // of the record that is open
	s.taken = -1
	for {
		t, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t.kind {
		case startTag:
			s.taken, s.text = -1, s.text[:0]
			switch string(t.name) {
			case "ELEVE", "STRUCTURES_ELEVE", "PERSONNE", "RESPONSABLE_ELEVE":
				id = append(id[:0], t.attr...)
				s.fields = [siecleFields][]byte{}
			case "STRUCTURE":
				s.fields[siecleCode], s.fields[siecleType] = nil, nil
			default:
				if f, ok := siecleElements[string(t.name)]; ok {
					s.taken = f
				}
			}
		case charData:
			if s.taken >= 0 && len(s.text)+len(t.text) <= ingest.MaxID+1 {
				s.text = append(s.text, t.text...)
			}
		case endTag:
			if s.taken >= 0 {
				if value := bytes.TrimSpace(s.text); len(value) > 0 {
					s.fields[s.taken] = bytes.Clone(value)
				}
			}
			s.taken = -1
			s.endElement(string(t.name), id)
		}
	}
}

func (s *siecleReader) endElement(name string, id []byte) {
	switch name {
	case "UAJ":
		s.uai = s.fields[siecleUAI]
	case "ELEVE":
		if p := s.pupil(id); p != nil {
			p.enrolled, p.mef = true, string(s.fields[siecleMEF])
			if t, err := time.Parse("02/01/2006", string(s.fields[siecleLeft])); err == nil {
				p.left = day(t.Year(), t.Month(), t.Day())
			}
		}
	case "STRUCTURE":
		if code := string(s.fields[siecleCode]); string(s.fields[siecleType]) == "D" && code != "" &&
			code != "Inactifs" && len(code) <= ingest.MaxID {
			if p := s.pupil(id); p != nil && len(p.classes) < maxValues {
				p.classes = append(p.classes, code)
			}
		}
	case "PERSONNE":
		s.book(s.guardian(id))
	case "RESPONSABLE_ELEVE":
		s.book(s.responsible())
	}
}

func (s *siecleReader) book(reason ingest.Reason) {
	if reason != "" {
		s.counts.reject(reason)
	} else {
		s.counts.Used++
	}
}

// pupil is the record of an ELEVE_ID, nil if there is none or there are too many.
func (s *siecleReader) pupil(id []byte) *sieclePupilRecord {
	if p := s.pupils[string(id)]; p != nil {
		return p
	}
	if len(id) == 0 || len(id) > ingest.MaxID || len(s.pupils) >= maxPupils {
		s.counts.reject(ingest.ReasonMissingField)
		return nil
	}
	p := &sieclePupilRecord{left: -1}
	s.pupils[string(id)] = p
	s.order = append(s.order, string(id))
	return p
}

// enrol books the memberships once the file is read.
func (s *siecleReader) enrol() {
	first, _ := yearBounds(s.o.Start)
	for _, id := range s.order {
		p := s.pupils[id]
		if !p.enrolled || p.left >= 0 && p.left < first {
			s.counts.Ignored++ // a structure without pupil, a former pupil
			continue
		}
		if len(s.uai) == 0 || len(s.uai) > ingest.MaxID {
			s.counts.reject(ingest.ReasonMissingField)
			continue
		}
		s.counts.Used++
		person := s.person(sieclePupil, []byte(id), ingest.ProfilePupil)
		s.d.Persons[person].own = true
		level := s.mefs[p.mef]
		if level == "" {
			level = grade.OfMEF(p.mef)
		}
		if len(p.classes) == 0 {
			s.memberOf(person, s.uai, []byte(level), nil, -1, p.left)
		}
		for _, class := range p.classes {
			s.memberOf(person, s.uai, []byte(level), []byte(class), -1, p.left)
		}
	}
}

func (s *siecleReader) guardian(id []byte) ingest.Reason {
	if len(id) == 0 || len(id) > ingest.MaxID {
		return ingest.ReasonMissingField
	}
	p := &s.d.Persons[s.person(siecleGuardian, id, ingest.ProfileParent)]
	p.own = true
	p.EmailKnown = known(p.EmailKnown, int64(btoi(s.fields[siecleMail] != nil)))
	p.PhoneKnown = known(p.PhoneKnown, int64(btoi(s.fields[sieclePhone] != nil)))
	return ""
}

func (s *siecleReader) responsible() ingest.Reason {
	child, guardian, rank := s.fields[siecleChild], s.fields[siecleGuardianID], s.fields[siecleRank]
	switch {
	case len(child) == 0 || len(guardian) == 0:
		return ingest.ReasonMissingField
	case len(child) > ingest.MaxID || len(guardian) > ingest.MaxID:
		return ingest.ReasonTooLong
	case len(rank) != 1 || rank[0] < '0' || rank[0] > '2':
		return ingest.ReasonUnknownValue
	}
	s.link(s.person(sieclePupil, child, ingest.ProfilePupil), s.person(siecleGuardian, guardian, ingest.ProfileParent),
		int8(rank[0]-'0'))
	return ""
}
