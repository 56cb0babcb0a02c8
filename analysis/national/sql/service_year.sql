-- table: service_year
-- reads: services, coverage
-- grain: one row per school and school year with a row in services
-- order: uai, school_year
-- columns: uai, school_year, then the visits of each column of the table in its order
-- Which services did the visits of each school go to? Weeks of a file that was cut are left out.
SELECT
  t.uai, t.school_year,
  CAST(COALESCE(SUM(t.visites_accueil), 0) AS BIGINT) AS accueil,
  CAST(COALESCE(SUM(t.visites_actualites), 0) AS BIGINT) AS actualites,
  CAST(COALESCE(SUM(t.visites_cahier_textes), 0) AS BIGINT) AS cahier_textes,
  CAST(COALESCE(SUM(t.visites_cahier_liaison), 0) AS BIGINT) AS cahier_liaison,
  CAST(COALESCE(SUM(t.visites_courrier_electronique), 0) AS BIGINT) AS courrier_electronique,
  CAST(COALESCE(SUM(t.visites_messagerie_instantanee), 0) AS BIGINT) AS messagerie_instantanee,
  CAST(COALESCE(SUM(t.visites_visioconference), 0) AS BIGINT) AS visioconference,
  CAST(COALESCE(SUM(t.visites_stockage_partage), 0) AS BIGINT) AS stockage_partage,
  CAST(COALESCE(SUM(t.visites_production_collaborative), 0) AS BIGINT) AS production_collaborative,
  CAST(COALESCE(SUM(t.visites_documentation_cdi), 0) AS BIGINT) AS documentation_cdi,
  CAST(COALESCE(SUM(t.visites_parcours_pedagogique), 0) AS BIGINT) AS parcours_pedagogique,
  CAST(COALESCE(SUM(t.visites_reservation_salles_materiels), 0) AS BIGINT) AS reservation_salles_materiels,
  CAST(COALESCE(SUM(t.visites_service_collectivite), 0) AS BIGINT) AS service_collectivite,
  CAST(COALESCE(SUM(t.visites_services_vie_scolaire), 0) AS BIGINT) AS services_vie_scolaire,
  CAST(COALESCE(SUM(t.visites_gestion_temps), 0) AS BIGINT) AS gestion_temps,
  CAST(COALESCE(SUM(t.visites_absences), 0) AS BIGINT) AS absences,
  CAST(COALESCE(SUM(t.visites_gestion_competences), 0) AS BIGINT) AS gestion_competences,
  CAST(COALESCE(SUM(t.visites_notes), 0) AS BIGINT) AS notes,
  CAST(COALESCE(SUM(t.visites_manuel_numerique), 0) AS BIGINT) AS manuel_numerique,
  CAST(COALESCE(SUM(t.visites_ressource_multimedia), 0) AS BIGINT) AS ressource_multimedia,
  CAST(COALESCE(SUM(t.visites_ressource_orientation), 0) AS BIGINT) AS ressource_orientation,
  CAST(COALESCE(SUM(t.visites_ressource_production), 0) AS BIGINT) AS ressource_production,
  CAST(COALESCE(SUM(t.visites_ressource_accompagnement_entrainement), 0) AS BIGINT)
    AS ressource_accompagnement_entrainement,
  CAST(COALESCE(SUM(t.visites_ressource_reference_dictionnaire), 0) AS BIGINT) AS ressource_reference_dictionnaire,
  CAST(COALESCE(SUM(t.visites_ressource_documentaire), 0) AS BIGINT) AS ressource_documentaire
FROM services AS t
LEFT JOIN coverage AS c ON c."table" = 'services' AND c.week_day = t.week_day AND c.thin
WHERE c.week_day IS NULL
GROUP BY t.uai, t.school_year
