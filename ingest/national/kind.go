package national

import (
	"regexp"
	"strings"

	"github.com/entscope/entscope/ingest/tabular"
)

// Kind is what a file holds.
type Kind string

// Kinds of file. The four of the DNMA have a table of their name in the edition.
const (
	Profiles       Kind = "profils"
	Services       Kind = "services"
	ProfileDevices Kind = "profils_appareils"
	Devices        Kind = "appareils"
	IPS            Kind = "ips"
	Annuaire       Kind = "annuaire"
	Calendar       Kind = "calendar"
)

// Measured are the kinds of the DNMA, in the order of the edition.
var Measured = []Kind{Profiles, Services, ProfileDevices, Devices}

// dataset is where data.education.gouv.fr has the files of a kind.
var dataset = map[Kind]string{
	Profiles: "fr-en-dnma-par-uai-profils", Services: "fr-en-dnma-par-uai-services",
	ProfileDevices: "fr-en-dnma-par-uai-profils-appareils", Devices: "fr-en-dnma-par-uai-appareils",
	IPS:      "fr-en-ips-ecoles-ap2022, fr-en-ips-colleges-ap2023, fr-en-ips-lycees-ap2023",
	Annuaire: "fr-en-annuaire-education", Calendar: "fr-en-calendrier-scolaire",
}

// Dataset names the data sets of data.education.gouv.fr that a kind is published as.
func (k Kind) Dataset() string { return dataset[k] }

// items are what a kind of the DNMA counts, each in three columns.
var items = map[Kind][]string{
	Profiles: {"globales", "eleve", "parent", "enseignant", "admin_vie_scol_tech"},
	Services: {
		"accueil", "actualites", "cahier_textes", "cahier_liaison", "courrier_electronique", "messagerie_instantanee",
		"visioconference", "stockage_partage", "production_collaborative", "documentation_cdi", "parcours_pedagogique",
		"reservation_salles_materiels", "service_collectivite", "services_vie_scolaire", "gestion_temps", "absences",
		"gestion_competences", "notes", "manuel_numerique", "ressource_multimedia", "ressource_orientation",
		"ressource_production", "ressource_accompagnement_entrainement", "ressource_reference_dictionnaire",
		"ressource_documentaire",
	},
	ProfileDevices: crossed(
		[]string{"eleve", "parent", "enseignant", "admin_vie_scol_tech"},
		[]string{"ordinateur", "smartphone", "tablette", "autresappareil"}),
	Devices: {
		"ordinateur", "smartphone", "tablette", "autreappareil",
		"android", "windows", "ios", "macos", "chromeos", "linux", "autreos",
		"chromemobile", "safari", "chrome", "firefox", "edge", "samsungbrowser", "opera", "huaweibrowser",
		"miuibrowser", "autrenavigateur",
	},
}

func crossed(profiles, devices []string) []string {
	var all []string
	for _, p := range profiles {
		for _, d := range devices {
			all = append(all, p+"_"+d)
		}
	}
	return all
}

// Items are what a kind of the DNMA counts: profiles, services, devices.
func (k Kind) Items() []string { return items[k] }

// measure is one of the three numbers of an item.
type measure struct {
	prefix, suffix string
	duration       bool
}

var measures = []measure{
	{prefix: "visites_"}, {prefix: "utilisateurs_"}, {prefix: "duree_", suffix: "_ms", duration: true},
}

// column is a column of numbers of an edition's table.
type column struct {
	name     string // visites_parent, duree_parent_ms
	heading  string // as the file's heading is compared
	item     string
	duration bool
}

// columnsOf are the columns of numbers of a kind, in the order of its table.
func columnsOf(k Kind) []column {
	var all []column
	for _, item := range items[k] {
		for _, m := range measures {
			all = append(all, column{m.prefix + item + m.suffix, heading(m.prefix + item), item, m.duration})
		}
	}
	return all
}

var others = regexp.MustCompile(`autres?(appareil|navigateur)s?$`)

// heading is the form in which headings are compared: those of labels and of
// technical names, of "autreAppareil" and "autresappareil", are the same in it.
func heading(text string) string {
	folded := strings.ReplaceAll(tabular.Fold(text), "-", "")
	return others.ReplaceAllString(folded, "autre$1")
}
