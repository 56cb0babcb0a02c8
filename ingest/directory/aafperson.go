package directory

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/grade"
)

const (
	aafPupil    = "aaf/pupil"
	aafGuardian = "aaf/parent"
	aafStaff    = "aaf/staff"
)

// pupil reads an Eleve record: classes with their school and grade level, links.
func (a *aafReader) pupil(id []byte) outcome {
	a.pupils = true
	rec := &a.rec
	if rec.request == 'a' && len(rec.values[attrClasses]) == 0 &&
		(len(rec.first(attrStruct)) == 0 || len(rec.first(attrStruct)) > ingest.MaxID) {
		return outcome{reason: ingest.ReasonMissingField}
	}
	person := a.person(aafPupil, id, ingest.ProfilePupil)
	if rec.request == 'd' {
		a.closeMembers(person)
		return outcome{used: true}
	}
	if rec.request == 'm' {
		if rec.present[attrClasses] || rec.present[attrStruct] {
			level := a.level()
			if level == 0 {
				level = a.lastLevel(person)
			}
			a.closeMembers(person)
			a.belongs(person, level)
		}
		if rec.present[attrLinks] || rec.present[attrAuthority] {
			a.dropLinks(person)
			a.pupilLinks(person)
		}
		return outcome{used: true}
	}
	a.d.Persons[person].own = true
	a.belongs(person, a.level())
	a.pupilLinks(person)
	return outcome{used: true}
}

// level is the number of the record's grade level: what the feed says in words,
// or else what the MEF code means.
func (a *aafReader) level() int32 {
	rec := &a.rec
	level := grade.Level(string(rec.first(attrNiv)))
	if level == "" {
		level = grade.Level(string(rec.first(attrMEFLabelOfPupil)))
	}
	if mef := string(rec.first(attrMEF)); level == "" && mef != "" {
		if level = a.mefs[mef]; level == "" {
			level = grade.OfMEF(mef)
		}
	}
	n, _ := a.levels.add([]byte(level))
	return n
}

// belongs books the memberships of a pupil: one for each class (school$code),
// or one without class in the school of attachment.
func (a *aafReader) belongs(person, level int32) {
	rec := &a.rec
	for _, value := range rec.values[attrClasses] {
		at := bytes.IndexByte(value, '$')
		if at <= 0 || len(value) > ingest.MaxID {
			a.badLink++
			continue
		}
		class := int32(-1)
		place, _ := a.places.add(value[:at])
		if code := value[at+1:]; len(code) > 0 {
			class = a.class(place, code)
		}
		a.member(memberKey{person, place, level, class})
	}
	if school := rec.first(attrStruct); len(rec.values[attrClasses]) == 0 && len(school) > 0 &&
		len(school) <= ingest.MaxID {
		place, _ := a.places.add(school)
		a.member(memberKey{person, place, level, -1})
	}
}

// class numbers a class of a place.
func (b *builder) class(place int32, code []byte) int32 {
	n, _ := b.classes.add(append([]byte{byte(place >> 24), byte(place >> 16), byte(place >> 8), byte(place)}, code...))
	return n
}

// member opens a membership, or says that it still lasts.
func (a *aafReader) member(k memberKey) {
	if n := a.rows.find(k); n >= 0 && a.members[n].to < 0 {
		a.members[n].seen = a.export
		return
	}
	from := a.file.day
	if first, _ := yearBounds(a.o.Start); a.first || from < first {
		from = first
	}
	a.members = append(a.members, member{memberKey: k, feed: a.feed, from: from, to: -1, seen: a.export})
	a.rows.put(k, int32(len(a.members)-1))
}

// before is what stood when a delta began, by person: its members still open,
// its links as a child and as a guardian. Made once for a delta, whose requests
// then cost nothing like a pass.
type before struct{ members, links, wards map[int32][]int32 }

func (a *aafReader) standing() *before {
	if a.before == nil {
		a.before = &before{members: map[int32][]int32{}, links: map[int32][]int32{}, wards: map[int32][]int32{}}
		for i := range a.members {
			if m := &a.members[i]; m.to < 0 {
				a.before.members[m.person] = append(a.before.members[m.person], int32(i))
			}
		}
		for i, l := range a.d.Links {
			a.before.links[l.Child] = append(a.before.links[l.Child], int32(i))
			a.before.wards[l.Guardian] = append(a.before.wards[l.Guardian], int32(i))
		}
	}
	return a.before
}

// closeMembers ends the memberships that a person had before this export, on
// the day before it.
func (a *aafReader) closeMembers(person int32) {
	for _, i := range a.standing().members[person] {
		if m := &a.members[i]; m.to < 0 {
			a.close(m)
		}
	}
}

func (a *aafReader) close(m *member) {
	m.to = max(a.file.day-1, m.from)
}

func (a *aafReader) lastLevel(person int32) int32 {
	level := int32(0)
	for _, i := range a.standing().members[person] {
		level = a.members[i].level
	}
	return level
}

// finish ends what a full export no longer has.
func (a *aafReader) finish() {
	if !a.file.delta && !a.first {
		for i := range a.members {
			m := &a.members[i]
			told := a.pupils // does the export tell of persons of this kind?
			if a.d.Persons[m.person].Profile != ingest.ProfilePupil {
				told = a.teams
			}
			if told && m.to < 0 && m.feed == a.feed && m.seen != a.export {
				a.close(m)
			}
		}
	}
	if a.badLink > 0 {
		a.warn("aaf: %d links or classes of pupils could not be read", a.badLink)
	}
}

// pupilLinks reads the guardians of a pupil. ENTElevePersRelEleve, when there,
// says all: id$type$financial$legal$contact$payment, where legal is 1 for the
// first legal guardian, 2 for the second, 0 for none (checked on 1,064 links of
// a real file against ENTEleveAutoriteParentale). The id is what stands before
// the last five parts. First-degree feeds give ENTEleveAutoriteParentale alone.
func (a *aafReader) pupilLinks(child int32) {
	rec := &a.rec
	for _, value := range rec.values[attrLinks] {
		guardian, rank, ok := splitLink(value)
		if !ok {
			a.badLink++
			continue
		}
		a.link(child, a.person(aafGuardian, guardian, ingest.ProfileParent), rank)
	}
	if len(rec.values[attrLinks]) > 0 {
		return
	}
	for i, value := range rec.values[attrAuthority] {
		if len(value) > ingest.MaxID {
			a.badLink++
			continue
		}
		a.link(child, a.person(aafGuardian, value, ingest.ProfileParent), int8(min(i+1, 2)))
	}
	for _, attr := range []int{attrParents, attrFather, attrMother, attrOther1, attrOther2} {
		for _, value := range rec.values[attr] {
			if len(value) <= ingest.MaxID {
				a.linkIfNew(child, a.person(aafGuardian, value, ingest.ProfileParent))
			}
		}
	}
}

func splitLink(value []byte) (id []byte, rank int8, ok bool) {
	var parts [5][]byte
	for i := 4; i >= 0; i-- {
		at := bytes.LastIndexByte(value, '$')
		if at < 0 {
			return nil, 0, false
		}
		parts[i], value = value[at+1:], value[:at]
	}
	legal := parts[2]
	if len(value) == 0 || len(value) > ingest.MaxID || len(legal) != 1 || legal[0] < '0' || legal[0] > '2' {
		return nil, 0, false
	}
	return value, int8(legal[0] - '0'), true
}

// linkIfNew books a link of no legal rank unless the pair has one.
func (b *builder) linkIfNew(child, guardian int32) {
	if b.links.find([2]int32{child, guardian}) < 0 {
		b.link(child, guardian, 0)
	}
}

// dropLinks marks the links that a child had before this export for removal.
func (a *aafReader) dropLinks(child int32) {
	for _, i := range a.standing().links[child] {
		a.d.Links[i].LegalRank = -1
	}
}

// guardian reads a PersRelEleve record: that there is an address or a number.
func (a *aafReader) guardian(id []byte) outcome {
	rec := &a.rec
	n := a.person(aafGuardian, id, ingest.ProfileParent)
	if rec.request == 'd' {
		for _, i := range a.standing().wards[n] {
			a.d.Links[i].LegalRank = -1
		}
		return outcome{used: true}
	}
	p := &a.d.Persons[n]
	p.own = true
	if rec.present[attrMail] {
		p.EmailKnown = int8(btoi(len(rec.values[attrMail]) > 0))
	}
	phone, said := false, false
	for _, attr := range []int{attrMobile, attrHomePhone, attrPhone} {
		phone = phone || len(rec.values[attr]) > 0
		said = said || rec.present[attr]
	}
	if said {
		p.PhoneKnown = int8(btoi(phone))
	}
	for _, child := range rec.values[attrChildren] {
		if len(child) <= ingest.MaxID {
			a.linkIfNew(a.person(aafPupil, child, ingest.ProfilePupil), n)
		}
	}
	return outcome{used: true}
}

// staff reads a PersEducNat record. ENTPersonFonctions is
// structure$code$function$…; the code of teachers is ENS or DOC.
func (a *aafReader) staff(id []byte) outcome {
	a.teams = true
	rec := &a.rec
	if rec.request == 'd' {
		a.closeMembers(a.person(aafStaff, id, ingest.ProfileAdmin))
		return outcome{used: true}
	}
	profile := ingest.ProfileAdmin
	if bytes.EqualFold(rec.first(attrFacing), []byte("O")) {
		profile = ingest.ProfileTeacher
	}
	var places [][]byte
	if s := rec.first(attrStruct); len(s) > 0 {
		places = append(places, s)
	}
	for _, value := range rec.values[attrFunctions] {
		parts := bytes.SplitN(value, []byte("$"), 3)
		if len(parts) < 2 {
			continue
		}
		if code := string(parts[1]); code == "ENS" || code == "DOC" {
			profile = ingest.ProfileTeacher
		}
		if len(parts[0]) > 0 {
			places = append(places, parts[0])
		}
	}
	person := a.person(aafStaff, id, profile)
	a.d.Persons[person].own = true
	if rec.request == 'm' && len(places) > 0 {
		a.closeMembers(person)
	}
	for _, p := range places {
		if len(p) <= ingest.MaxID {
			place, _ := a.places.add(p)
			a.member(memberKey{person, place, 0, -1})
		}
	}
	return outcome{used: true}
}

// etab is what AAF says of a school.
type etab struct{ name, kind, sector, academie string }

// etab reads an EtabEducNat record: the number by which the other files call
// the school, and its UAI.
func (a *aafReader) etab(id []byte) outcome {
	rec := &a.rec
	uai := rec.first(attrUAI)
	if len(uai) == 0 {
		uai = rec.first(attrUAI2)
	}
	if rec.request == 'd' {
		return outcome{used: true}
	}
	if len(uai) == 0 || len(uai) > ingest.MaxID {
		return outcome{reason: ingest.ReasonMissingField}
	}
	name := canonical(uai)
	a.etabs[string(id)] = name
	if j := rec.first(attrJointure); len(j) > 0 {
		a.etabs[string(j)] = name
	}
	info := etab{name: string(rec.first(attrName)), kind: SchoolLevel(string(rec.first(attrType))),
		academie: string(rec.first(attrAcademie))}
	switch contract := string(bytes.ToUpper(rec.first(attrContract))); contract {
	case "PU":
		info.sector = "public"
	case "":
	default:
		info.sector = "prive"
	}
	a.etabInfo[name] = info
	return outcome{used: true}
}
