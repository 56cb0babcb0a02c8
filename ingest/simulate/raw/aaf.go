package raw

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
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

// record writes AAF records (ficAlimMENESR, FORMATS.md#aaf-dtd-and-files).
type record struct{ file }

func (r *record) begin(kind, category, id string) {
	r.printf("<addRequest>\n"+
		"<operationalAttributes><attr name=\"%s\"><value>%s</value></attr></operationalAttributes>\n"+
		"<identifier><id>%s</id></identifier>\n<attributes>\n", kind, category, id)
}

// attr writes an attribute; without a value it is the empty element real files have.
func (r *record) attr(name string, values ...string) {
	if len(values) == 0 {
		values = []string{""}
	}
	r.printf(`<attr name="%s">`, name)
	for _, v := range values {
		if v == "" {
			r.printf("<value/>")
		} else {
			r.printf("<value>%s</value>", xmlEscaper.Replace(v))
		}
	}
	r.printf("</attr>\n")
}

func (r *record) end() { r.printf("</attributes>\n</addRequest>\n") }

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// structure is a school's number in the directory.
func structure(s *region.School) string { return strconv.Itoa(50_000 + s.Number) }

// writeAAF writes the directory of a basin: pupils with their links, guardians,
// staff and schools, a file each, as the split files of the real export.
func (b *basin) writeAAF(dir string) error {
	people := func(role uint8, write func(*record, int)) func(*record) {
		return func(r *record) {
			for who := range b.Each(role) {
				write(r, who)
			}
		}
	}
	schools := func(r *record) {
		for i := range b.Schools {
			b.aafSchool(r, &b.Schools[i])
		}
	}
	year := b.Window.Start.Year()
	var faults []error
	for _, f := range []struct {
		name  string
		write func(*record)
	}{
		{"Eleve", people(region.RolePupil, b.aafPupil)}, {"PersRelEleve", people(region.RoleParent, b.aafGuardian)},
		{"PersEducNat", people(region.RoleStaff, b.aafStaff)}, {"EtabEducNat", schools},
	} {
		name := fmt.Sprintf("ENT_Complet_%d0901_%s_%04d.xml", year, f.name, b.Number)
		r := record{file{path: filepath.Join(dir, "raw/aaf", name), header: fmt.Sprintf(aafHeader, year)}}
		f.write(&r)
		r.printf("%s", aafFooter)
		faults = append(faults, r.close())
	}
	return errors.Join(faults...)
}

var mefNames = map[string][2]string{
	"CP": {"CP", "COURS PREPARATOIRE"}, "CE1": {"CE1", "COURS ELEMENTAIRE 1ERE ANNEE"},
	"CE2": {"CE2", "COURS ELEMENTAIRE 2EME ANNEE"},
	"CM1": {"CM1", "COURS MOYEN 1ERE ANNEE"}, "CM2": {"CM2", "COURS MOYEN 2EME ANNEE"},
	"6e": {"6EME", "6EME"}, "5e": {"5EME", "5EME"}, "4e": {"4EME", "4EME"}, "3e": {"3EME", "3EME"},
	"2de": {"2NDE", "2NDE GENERALE ET TECHNO"}, "1re": {"1ERE", "1ERE GENERALE"},
	"Tle": {"TERMINALE", "TERMINALE GENERALE"},
}

func (b *basin) aafPupil(r *record, who int) {
	p := &b.People[who]
	id := b.identity(p)
	s := &b.Schools[p.Schools[0]]
	c := &s.Classes[p.Class]
	mef := mefNames[c.Grade]
	n := strconv.FormatInt(p.Number, 10)
	r.begin("categoriePersonne", "Eleve", n)
	r.attr("ENTPersonJointure", n)
	r.attr("ENTEleveStructRattachId", strconv.FormatInt(p.Number+500_000, 10))
	r.attr("ENTEleveINE", b.ine(p))
	r.attr("ENTPersonDateNaissance", id.birth)
	r.attr("ENTPersonNomPatro", id.surname)
	r.attr("sn", id.surname)
	r.attr("givenName", id.given)
	r.attr("personalTitle", [2]string{"Mlle", "M."}[p.Number%2])
	var links, all, authority []string
	for i, g := range p.Parents {
		gp := &b.People[g]
		gn := strconv.FormatInt(gp.Number, 10)
		all = append(all, gn)
		authority = append(authority, gn)
		// id$kind$pays$legal rank$contact$payment: the mother first, then the father
		first := 1 - i
		links = append(links, fmt.Sprintf("%s$%d$%d$%d$%d$0", gn, 1+first, first, gp.Rank, first))
	}
	r.attr("ENTEleveParents", all...)
	r.attr("ENTEleveAutoriteParentale", authority...)
	r.attr("ENTElevePersRelEleve", links...)
	r.attr("ENTEleveBoursier", [2]string{"N", "O"}[random.Mix(uint64(p.Number))%5/4])
	r.attr("ENTEleveRegime", "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT")
	r.attr("ENTEleveStatutEleve", "SCOLAIRE")
	r.attr("ENTEleveMEF", strconv.Itoa(10_010_000_000+len(c.Grade)*7)+"0")
	r.attr("ENTEleveLibelleMEF", mef[1])
	r.attr("ENTEleveNivFormation", mef[0])
	r.attr("ENTPersonStructRattach", structure(s))
	r.attr("ENTEleveClasses", structure(s)+"$"+c.Code)
	r.end()
}

func (b *basin) aafGuardian(r *record, who int) {
	p := &b.People[who]
	id := b.identity(p)
	n := strconv.FormatInt(p.Number, 10)
	r.begin("categoriePersonne", "PersRelEleve", n)
	r.attr("ENTPersonJointure", n)
	r.attr("ENTPersonNomPatro", id.surname)
	r.attr("sn", id.surname)
	r.attr("givenName", id.given)
	r.attr("personalTitle", [2]string{"Mme", "M."}[int(p.Rank-1)%2])
	r.attr("ENTPersonAdresse", strconv.FormatInt(1+p.Number%97, 10)+" rue de l'Exemple")
	r.attr("ENTPersonCodePostal", fmt.Sprintf("99%03d", b.Number%1000))
	r.attr("ENTPersonVille", "FICTIVILLE")
	r.attr("homePhone", id.phone)
	r.attr("mail", id.email)
	r.end()
}

func (b *basin) aafStaff(r *record, who int) {
	p := &b.People[who]
	id := b.identity(p)
	s := &b.Schools[p.Schools[0]]
	n := strconv.FormatInt(p.Number, 10)
	r.begin("categoriePersonne", "PersEducNat", n)
	r.attr("ENTPersonJointure", n)
	r.attr("sn", id.surname)
	r.attr("givenName", id.given)
	r.attr("ENTPersonStructRattach", structure(s))
	function := structure(s) + "$ENS$ENSEIGNEMENT$L0202$LETTRES MODERNES"
	present := "O"
	if !p.Teacher {
		function, present = structure(s)+"$ADF$ADMINISTRATIF$-$-", "N"
	}
	r.attr("ENTPersonFonctions", function)
	r.attr("PersEducNatPresenceDevantEleves", present)
	r.attr("mail", id.email)
	r.end()
}

func (b *basin) aafSchool(r *record, s *region.School) {
	r.begin("categorieStructure", "EtabEducNat", structure(s))
	r.attr("ENTStructureJointure", structure(s))
	r.attr("ENTStructureUAI", s.UAI)
	r.attr("ENTEtablissementUAI", s.UAI)
	r.attr("ENTStructureNomCourant", s.Name)
	r.attr("ENTStructureTypeStruct", [3]string{"1ORD", "CLG", "LYC"}[s.Level])
	r.attr("ENTEtablissementContrat", [2]string{"PU", "CO"}[oneIf(s.Private)])
	r.attr("ENTEtablissementMinistereTutelle", "MINISTERE DE L'EDUCATION NATIONALE")
	r.attr("ENTServAcAcademie", strings.ToUpper(region.Academies[s.Zone]))
	var classes []string
	for _, c := range s.Classes {
		classes = append(classes, c.Code)
	}
	r.attr("ENTStructureClasses", classes...)
	r.end()
}
