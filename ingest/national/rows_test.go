package national_test

var profileHeading = []string{
	"debutSemaine", "UAI", "académie", "commune", "département", "région", "ministère", "circonscription", "nature_uai", "secteur",
	"visites_globales", "utilisateurs_globales", "duree_globales", "visites_eleve", "utilisateurs_eleve", "duree_eleve",
	"visites_parent", "utilisateurs_parent", "duree_parent", "visites_enseignant", "utilisateurs_enseignant", "duree_enseignant",
	"visites_admin_vie_scol_tech", "utilisateurs_admin_vie_scol_tech", "duree_admin_vie_scol_tech",
}
