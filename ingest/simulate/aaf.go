package simulate

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

const aafHeader = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">
<!-- versionAF="AAF-VE2407" -->
<!-- versionSDET="Annexe 4bis version 6.4" -->
<!-- codeAcademieExport="99" -->
<!-- degre="2D" -->
<!-- dateGenerationExport="01/09/%d" -->
<ficAlimMENESR>
`

const aafFooter = "</ficAlimMENESR>\n"

// record writes AAF records (ficAlimMENESR, log-formats.md 2.1).
type record struct{ dst []byte }

func (r *record) begin(kind, category, id string) {
	r.dst = append(r.dst, "<addRequest>\n<operationalAttributes><attr name=\""...)
	r.dst = append(append(append(r.dst, kind...), "\"><value>"...), category...)
	r.dst = append(append(r.dst, "</value></attr></operationalAttributes>\n<identifier><id>"...), id...)
	r.dst = append(r.dst, "</id></identifier>\n<attributes>\n"...)
}

// attr writes an attribute; without a value it is the empty element real files have.
func (r *record) attr(name string, values ...string) {
	r.dst = append(append(append(r.dst, `<attr name="`...), name...), `">`...)
	for _, v := range values {
		if v == "" {
			r.dst = append(r.dst, "<value/>"...)
			continue
		}
		r.dst = append(append(append(r.dst, "<value>"...), escapeXML(v)...), "</value>"...)
	}
	if len(values) == 0 {
		r.dst = append(r.dst, "<value/>"...)
	}
	r.dst = append(r.dst, "</attr>\n"...)
}

func (r *record) end() { r.dst = append(r.dst, "</attributes>\n</addRequest>\n"...) }

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escapeXML(s string) string {
	if strings.ContainsAny(s, `&<>"`) {
		return xmlEscaper.Replace(s)
	}
	return s
}

// structure is a school's number in the directory.
func (s *school) structure() string { return strconv.Itoa(50_000 + s.number) }

// writeAAF writes the directory of a basin: pupils with their links, guardians,
// staff and schools, a file each, as the split files of the real export.
func (b *basin) writeAAF(dir string) error {
	for _, f := range []struct {
		name  string
		write func(*record, int)
		role  int
	}{{"Eleve", b.aafPupil, rolePupil}, {"PersRelEleve", b.aafGuardian, roleParent}, {"PersEducNat", b.aafStaff, roleStaff}} {
		out, err := b.aafFile(dir, f.name)
		if err != nil {
			return err
		}
		var r record
		for who := range b.people {
			if int(b.people[who].role) == f.role {
				r.dst = r.dst[:0]
				f.write(&r, who)
				out.write(r.dst)
			}
		}
		out.text(aafFooter)
		if err := out.close(); err != nil {
			return err
		}
	}
	out, err := b.aafFile(dir, "EtabEducNat")
	if err != nil {
		return err
	}
	for i := range b.schools {
		var r record
		b.aafSchool(&r, &b.schools[i])
		out.write(r.dst)
	}
	out.text(aafFooter)
	return out.close()
}

func (b *basin) aafFile(dir, kind string) (*sink, error) {
	out, err := create(filepath.Join(dir, "raw/aaf", fmt.Sprintf("ENT_Complet_%d0901_", b.w.start.Year())+kind+"_"+fourDigits(b.number)+".xml"))
	if err == nil {
		out.text(fmt.Sprintf(aafHeader, b.w.start.Year()))
	}
	return out, err
}

var mefNames = map[string][2]string{
	"CP": {"CP", "COURS PREPARATOIRE"}, "CE1": {"CE1", "COURS ELEMENTAIRE 1ERE ANNEE"}, "CE2": {"CE2", "COURS ELEMENTAIRE 2EME ANNEE"},
	"CM1": {"CM1", "COURS MOYEN 1ERE ANNEE"}, "CM2": {"CM2", "COURS MOYEN 2EME ANNEE"},
	"6e": {"6EME", "6EME"}, "5e": {"5EME", "5EME"}, "4e": {"4EME", "4EME"}, "3e": {"3EME", "3EME"},
	"2de": {"2NDE", "2NDE GENERALE ET TECHNO"}, "1re": {"1ERE", "1ERE GENERALE"}, "Tle": {"TERMINALE", "TERMINALE GENERALE"},
}

func (b *basin) aafPupil(r *record, who int) {
	p := &b.people[who]
	id := b.r.identity(p)
	s := &b.schools[p.schools[0]]
	c := &s.classes[p.class]
	mef := mefNames[c.grade]
	n := strconv.FormatInt(jointure(p), 10)
	r.begin("categoriePersonne", "Eleve", n)
	r.attr("ENTPersonJointure", n)
	r.attr("ENTEleveStructRattachId", strconv.FormatInt(jointure(p)+500_000, 10))
	r.attr("ENTEleveINE", b.r.ine(p))
	r.attr("ENTPersonDateNaissance", id.birth)
	r.attr("ENTPersonNomPatro", id.surname)
	r.attr("sn", id.surname)
	r.attr("givenName", id.given)
	r.attr("personalTitle", [2]string{"Mlle", "M."}[p.number%2])
	var links, all, authority []string
	for i, g := range p.parents {
		gp := &b.people[g]
		gn := strconv.FormatInt(jointure(gp), 10)
		all = append(all, gn)
		authority = append(authority, gn)
		// id$kind$pays$legal rank$contact$payment: the mother first, then the father
		links = append(links, gn+"$"+[2]string{"2", "1"}[i]+"$"+[2]string{"1", "0"}[i]+"$"+strconv.Itoa(int(gp.rank))+"$"+[2]string{"1", "0"}[i]+"$0")
	}
	r.attr("ENTEleveParents", all...)
	r.attr("ENTEleveAutoriteParentale", authority...)
	r.attr("ENTElevePersRelEleve", links...)
	r.attr("ENTEleveBoursier", [2]string{"N", "O"}[mix(uint64(p.number))%5/4])
	r.attr("ENTEleveRegime", "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT")
	r.attr("ENTEleveStatutEleve", "SCOLAIRE")
	r.attr("ENTEleveMEF", strconv.Itoa(10_010_000_000+len(c.grade)*7)+"0")
	r.attr("ENTEleveLibelleMEF", mef[1])
	r.attr("ENTEleveNivFormation", mef[0])
	r.attr("ENTPersonStructRattach", s.structure())
	r.attr("ENTEleveClasses", s.structure()+"$"+c.code)
	r.end()
}

func (b *basin) aafGuardian(r *record, who int) {
	p := &b.people[who]
	id := b.r.identity(p)
	n := strconv.FormatInt(jointure(p), 10)
	r.begin("categoriePersonne", "PersRelEleve", n)
	r.attr("ENTPersonJointure", n)
	r.attr("ENTPersonNomPatro", id.surname)
	r.attr("sn", id.surname)
	r.attr("givenName", id.given)
	r.attr("personalTitle", [2]string{"Mme", "M."}[int(p.rank-1)%2])
	r.attr("ENTPersonAdresse", strconv.FormatInt(1+p.number%97, 10)+" rue de l'Exemple")
	r.attr("ENTPersonCodePostal", "99"+fourDigits(b.number)[1:])
	r.attr("ENTPersonVille", "FICTIVILLE")
	r.attr("homePhone", id.phone)
	r.attr("mail", id.email)
	r.end()
}

func (b *basin) aafStaff(r *record, who int) {
	p := &b.people[who]
	id := b.r.identity(p)
	s := &b.schools[p.schools[0]]
	n := strconv.FormatInt(jointure(p), 10)
	r.begin("categoriePersonne", "PersEducNat", n)
	r.attr("ENTPersonJointure", n)
	r.attr("sn", id.surname)
	r.attr("givenName", id.given)
	r.attr("ENTPersonStructRattach", s.structure())
	function := s.structure() + "$ENS$ENSEIGNEMENT$L0202$LETTRES MODERNES"
	present := "O"
	if !p.teacher {
		function, present = s.structure()+"$ADF$ADMINISTRATIF$-$-", "N"
	}
	r.attr("ENTPersonFonctions", function)
	r.attr("PersEducNatPresenceDevantEleves", present)
	r.attr("mail", id.email)
	r.end()
}

func (b *basin) aafSchool(r *record, s *school) {
	r.begin("categorieStructure", "EtabEducNat", s.structure())
	r.attr("ENTStructureJointure", s.structure())
	r.attr("ENTStructureUAI", s.uai)
	r.attr("ENTEtablissementUAI", s.uai)
	r.attr("ENTStructureNomCourant", s.name)
	r.attr("ENTStructureTypeStruct", [3]string{"1ORD", "CLG", "LYC"}[s.level])
	r.attr("ENTEtablissementContrat", [2]string{"PU", "CO"}[oneIf(s.private)])
	r.attr("ENTEtablissementMinistereTutelle", "MINISTERE DE L'EDUCATION NATIONALE")
	r.attr("ENTServAcAcademie", strings.ToUpper(academies[s.zone]))
	var classes []string
	for _, c := range s.classes {
		classes = append(classes, c.code)
	}
	r.attr("ENTStructureClasses", classes...)
	r.end()
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
