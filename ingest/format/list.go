package format

import (
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/caliper"
	"github.com/entscope/entscope/ingest/format/cas"
	"github.com/entscope/entscope/ingest/format/combined"
	"github.com/entscope/entscope/ingest/format/entcore"
	"github.com/entscope/entscope/ingest/format/mapped"
	"github.com/entscope/entscope/ingest/format/moodle"
	"github.com/entscope/entscope/ingest/format/shibboleth"
	"github.com/entscope/entscope/ingest/format/uportal"
	"github.com/entscope/entscope/ingest/format/xapi"
)

// All are the formats, in the order in which they are documented.
func All() []Format {
	return []Format{
		{
			Name: "entcore", Section: "entcore",
			French: "événements d’un ENT entcore (ONE, NEO, Paris Classe Numérique) : " +
				"API d’export, mongoexport, tables PostgreSQL",
			English: "events of an entcore ENT (ONE, NEO, Paris Classe Numérique): " +
				"export API, mongoexport, PostgreSQL tables",
			open: func(o Options) (ingest.Format, error) {
				return entcore.New(entcore.Options{
					Clock: o.Clock, Modules: o.Catalog.Names(catalog.EntcoreModules),
					Events: o.Catalog.Names(catalog.EntcoreEvents), Profiles: o.Catalog.Names(catalog.EntcoreProfiles),
				}), nil
			},
		},
		{
			Name: "uportal", Section: "uPortal",
			French:  "journal de statistiques d’un portail uPortal (GIP RECIA, ESUP), tabulé",
			English: "statistics log of an uPortal ENT (GIP RECIA, ESUP), tab-separated",
			open: func(o Options) (ingest.Format, error) {
				return uportal.New(uportal.Options{
					Clock: o.Clock, Names: o.Catalog.Names(catalog.UPortalNames),
					Classes: o.Catalog.Names(catalog.UPortalClasses),
				}), nil
			},
		},
		{
			Name: "cas", Section: "Apereo CAS",
			French:  "piste d’audit d’un serveur Apereo CAS 3 à 7 : plusieurs lignes, une ligne, JSON, AGIMUS",
			English: "audit trail of an Apereo CAS server, 3 to 7: many lines, one line, JSON, AGIMUS",
			open: func(o Options) (ingest.Format, error) {
				return cas.New(cas.Options{Clock: o.Clock}), nil
			},
		},
		{
			Name: "combined", Needs: []string{"map"}, Takes: []string{"layout"},
			Section: "Apache and nginx access logs",
			French: "journal d’accès d’un serveur web (Combined ou Common Log Format, ou le layout déclaré), " +
				"compte dans authuser",
			English: "access log of a web server (Combined or Common Log Format, or the layout declared), " +
				"with the account as authuser",
			open: openCombined,
			layout: func(text string) error {
				_, err := combined.ParseLayout(text)
				return err
			},
		},
		{
			Name: "shibboleth", Takes: []string{"layout"}, Section: "Shibboleth",
			French: "journal d’audit d’un fournisseur d’identité Shibboleth, " +
				"ou de transactions d’un fournisseur de services",
			English: "audit log of a Shibboleth identity provider, or transaction log of a service provider",
			open: func(o Options) (ingest.Format, error) {
				return shibboleth.New(shibboleth.Options{Clock: o.Clock, Layout: o.Layout})
			},
			layout: func(text string) error {
				_, err := shibboleth.New(shibboleth.Options{Layout: text})
				return err
			},
		},
		{
			Name: "moodle", Takes: []string{"year", "month_first"}, Section: "Moodle",
			French:  "journal standard de Moodle ou d’Éléa : table, JSON, rapport CSV en français ou en anglais",
			English: "standard log of Moodle or Éléa: table, JSON, CSV report in French or English",
			open: func(o Options) (ingest.Format, error) {
				return moodle.New(moodle.Options{
					Clock: o.Clock, Events: o.Catalog.Names(catalog.MoodleEvents),
					Components: o.Catalog.Names(catalog.MoodleParts), Year: o.Year, MonthFirst: o.MonthFirst,
				}), nil
			},
		},
		{
			Name: "xapi", Takes: []string{"actor", "actor_home", "map"}, Section: "xAPI", learning: true,
			French: "énoncés xAPI (Tin Can) : fichiers et pages d’un LRS, " +
				"JSON en tableau ou ligne à ligne",
			English: "xAPI (Tin Can) statements: files and pages of an LRS, as JSON in an array or line by line",
			open: func(o Options) (ingest.Format, error) {
				urls, err := o.urls()
				return xapi.New(xapi.Options{
					Clock: o.Clock, Verbs: o.Catalog.Names(catalog.XAPIVerbs),
					Activities: o.Catalog.Names(catalog.XAPIActivities), URLs: urls, Actor: o.Actor,
					HomePage: o.ActorHome, Voided: o.Voided,
				}), err
			},
			Voided: xapi.Voided,
		},
		{
			Name: "caliper", Takes: []string{"actor_home", "map"}, Section: "Caliper Analytics", learning: true,
			French:  "événements Caliper Analytics 1.0 à 1.2 : enveloppes, JSON en tableau ou ligne à ligne",
			English: "Caliper Analytics events, 1.0 to 1.2: envelopes, as JSON in an array or line by line",
			open: func(o Options) (ingest.Format, error) {
				urls, err := o.urls()
				return caliper.New(caliper.Options{
					Clock: o.Clock, Actions: o.Catalog.Names(catalog.CaliperActions),
					Entities: o.Catalog.Names(catalog.CaliperEntities), Roles: o.Catalog.Names(catalog.CaliperRoles),
					URLs: urls, Home: o.ActorHome,
				}), err
			},
		},
		{
			Name: "csv", Needs: []string{"csv"}, Section: "Delimited files",
			French:  "tout fichier délimité, par la correspondance que l’exploitant déclare",
			English: "any delimited file, through the mapping that the operator declares",
			open: func(o Options) (ingest.Format, error) {
				var names *ingest.Names
				if table := o.CSV.Catalog; table != "" {
					if !slices.Contains(o.Catalog.Tables(), table) {
						unknown := vocabulary.Unknown(table, o.Catalog.Tables())
						return nil, fmt.Errorf("csv.catalog: no table %w", unknown)
					}
					names = o.Catalog.Names(table)
				}
				return mapped.New(o.CSV, o.Zone, names)
			},
		},
	}
}

// openCombined makes the reader of access logs.
func openCombined(o Options) (ingest.Format, error) {
	urls, err := o.Catalog.URLs(o.Map)
	if err != nil {
		return nil, err
	}
	options := combined.Options{Clock: o.Clock, URLs: urls, Names: o.Catalog.Names(catalog.UPortalNames)}
	if o.Layout != "" {
		if options.Layout, err = combined.ParseLayout(o.Layout); err != nil {
			return nil, fmt.Errorf("combined: %w", err)
		}
	}
	return combined.New(options), nil
}
