package directory

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/tabular"
)

// readReference reads files of the open data as the reference of schools.
func readReference(t *testing.T, m *tabular.Mapping, files ...string) (map[string]School, []FileCounts) {
	t.Helper()
	b := newBuilder(
		Options{Schools: &Table{Files: files, Mapping: m}, Start: 1, End: 2, Zone: time.UTC})
	if err := b.readSchools(t.Context()); err != nil {
		t.Fatal(err)
	}
	schools := map[string]School{}
	for _, s := range b.d.Schools {
		schools[s.UAI] = s
	}
	return schools, b.d.Files
}

// Excerpts of the real files, each with its own headings.
func TestOpenData(t *testing.T) {
	schools, files := readReference(t, nil, "testdata/fr-en-ips-colleges-ap2022.csv",
		"testdata/fr-en-annuaire-education.csv")
	for _, f := range files {
		if f.Used == 0 || len(f.Rejects) > 0 || f.Ignored != 1 {
			t.Errorf("%+v", f)
		}
	}
	s := schools["0010005A"]
	if s.IPSTenths != 1104 || s.IPSBand != 4 || s.Sector != "public" || s.Level != "college" || s.Academie != "LYON" ||
		!s.UAIValid || s.Perimeter {
		t.Errorf("%+v", s)
	}
	if s := schools["0010082J"]; s.Sector != "prive" || s.IPSBand != 5 {
		t.Errorf("%+v", s)
	}
	if s := schools["0940204L"]; s.EP != "REP" || s.Level != "ecole" || s.Academie != "Créteil" {
		t.Errorf("%+v", s)
	}
	if s := schools["0940176F"]; s.EP != "HEP" {
		t.Errorf("%+v", s)
	}
}

// The whole files, where the shared folder exists; the excerpts are the test.
func TestOpenDataWhole(t *testing.T) {
	const dir = "../../../shared/data/opendata/"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no shared folder")
	}
	schools, files := readReference(t, nil, dir+"fr-en-ips-colleges-ap2022.csv",
		dir+"ips-education-prioritaire-colleges.csv")
	if files[0].Used != 6973 || files[0].Read() != 6974 {
		t.Errorf("%+v", files[0])
	}
	// In 348 rows a spreadsheet has made money of the UAI ("541333,00 F"), and its
	// comma a field: refused, each of them.
	if files[1].Used != 6590 || files[1].Read() != 6938+1 {
		t.Errorf("%+v", files[1])
	}
	wrong, rep := 0, 0
	for _, s := range schools {
		if !s.UAIValid {
			wrong++
		}
		if s.EP == "REP+" {
			rep++
		}
	}
	if wrong > 0 || rep < 300 {
		t.Errorf("%d wrong UAI, %d REP+", wrong, rep)
	}
}

// The headings of other years and levels, without their data.
func TestOpenDataHeadings(t *testing.T) {
	for heading, fields := range map[string]string{
		"Rentrée scolaire;Académie;Code du département;Département;UAI;Nom de l'établissment;" +
			"Code INSEE de la commune;Nom de la commune;" +
			"Secteur;Effectifs;IPS;Ecart-type de l'IPS": "academie 2, ips 11, name 6, sector 9, uai 5",
		"rentree_scolaire;academie;code_du_departement;departement;uai;nom_de_l_etablissement;code_insee;" +
			"nom_de_la_commune;secteur;ips": "academie 2, ips 10, name 6, sector 9, uai 5",
		"Rentrée scolaire;Académie;UAI;Nom de l'établissement;Secteur;Type de lycée;IPS voie GT;" +
			"IPS voie PRO;IPS Ensemble GT-PRO": "academie 2, ips 9, name 4, sector 5, uai 3",
		"Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;" +
			"Appartenance_Education_Prioritaire;Libelle_academie": "academie 6, ep 5, level 3, name 2, sector 4, uai 1",
		"uai,secteur": "",
		"nom;prénom":  "",
	} {
		m := openDataMapping([]byte(heading + "\n"))
		var got []string
		if m != nil {
			for _, f := range []string{"academie", "ep", "ips", "level", "name", "sector", "uai"} {
				if at, ok := m.Columns[f].(int); ok {
					got = append(got, f+" "+string(rune('0'+at%10)))
					if at >= 10 {
						got[len(got)-1] = f + " 1" + string(rune('0'+at%10))
					}
				}
			}
		}
		if strings.Join(got, ", ") != fields {
			t.Errorf("%s: %q", heading, strings.Join(got, ", "))
		}
	}
}

// The zone of the département and that of the académie agree on every collège of
// France, of which the excerpts hold 59 and eleven académies.
func TestZonesAgree(t *testing.T) {
	check := func(ips, calendar string, all bool) {
		b := newBuilder(Options{
			Schools: &Table{Files: []string{ips}}, Calendar: []string{calendar}, Start: parseDay(t, "2023-09-04"),
			End: parseDay(t, "2025-06-30"), Zone: time.UTC,
		})
		if err := b.readSchools(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := b.readCalendar(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, s := range b.d.Schools {
			zone, listed := b.holidays.academies[academieName(s.Academie)]
			if got := departementZone(s.Key / 10000); got == "" || listed && got != zone || all && !listed {
				t.Errorf("%s: département %q, académie %s %q", s.UAI, got, s.Academie, zone)
			}
		}
	}
	check("testdata/fr-en-ips-colleges-ap2022.csv", "testdata/fr-en-calendrier-scolaire.csv", false)
	const dir = "../../../shared/data/opendata/"
	if _, err := os.Stat(dir); err == nil {
		check(dir+"fr-en-ips-colleges-ap2022.csv", dir+"fr-en-calendrier-scolaire.csv", true)
	}
}

// TestNamesReachPagesPlain drops what nobody sees from the name of a school.
func TestNamesReachPagesPlain(t *testing.T) {
	var name string
	fill(&name, "Collège \u202eegèlloC\u202c\u2028 du\u00a0Parc\u200b\x1b[31m")
	if want := "Collège egèlloC du\u00a0Parc[31m"; name != want {
		t.Errorf("%+q, want %+q", name, want)
	}
}
