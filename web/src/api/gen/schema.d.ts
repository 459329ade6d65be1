/* Made by scripts/gen.mjs from docs/reference/openapi.json. */
export interface paths {
    "/alerts/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List quiet alerts that belong to no incident, newest first
         * @description Permission: incidents.read.
         */
        get: operations["list-waiting-alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Assets, in the order of the model
         * @description Permission: hospital.read.
         */
        get: operations["list-assets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One asset with where it stands and its neighbours
         * @description Permission: hospital.read.
         */
        get: operations["get-asset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, newest first
         * @description Permission: audit.read.
         */
        get: operations["list-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The entries of the log, with what is needed to verify them elsewhere
         * @description Permission: audit.read.
         */
        get: operations["export-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the tamper-evident log stands
         * @description Permission: audit.read.
         */
        get: operations["get-audit-state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify the whole log soon; the state tells what was found
         * @description Permission: audit.read.
         */
        post: operations["verify-audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/{id}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The proof that a line is in the log
         * @description Permission: audit.read.
         */
        get: operations["prove-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How backups stand, and which there are
         * @description Permission: instance.manage.
         */
        get: operations["list-backups"];
        put?: never;
        /**
         * Make a backup now; it goes on after the answer
         * @description Permission: instance.manage.
         */
        post: operations["make-backup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A backup, encrypted as it is
         * @description Permission: instance.manage.
         */
        get: operations["download-backup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/care": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show every care service: what is predicted for it, over all live incidents
         * @description Permission: incidents.read.
         */
        get: operations["list-care"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Load the reference hospital into an empty instance
         * @description Permission: instance.manage.
         */
        post: operations["load-demo"];
        /**
         * Remove the demo hospital and everything that came of it
         * @description Permission: instance.manage.
         */
        delete: operations["remove-demo"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search events, newest first
         * @description Permission: events.read.
         */
        get: operations["list-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the fields that the newest events of a search have
         * @description Permission: events.read.
         */
        get: operations["list-event-fields"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count events over time, by category
         * @description Permission: events.read.
         */
        get: operations["count-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count events by the values of one field or two, the most frequent first
         * @description Permission: events.read.
         */
        get: operations["top-values"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one event
         * @description Permission: events.read.
         */
        get: operations["get-event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evidence/deletions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A signed deletion record
         * @description Permission: events.read.
         */
        get: operations["get-deletion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evidence/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase a person's events, or say what that would do
         * @description Permission: instance.manage.
         */
        post: operations["erase-events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evidence/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A signed bundle of events
         * @description Permission: incidents.lead.
         */
        post: operations["export-evidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evidence/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List legal holds, those in force first
         * @description Permission: incidents.read.
         */
        get: operations["list-holds"];
        put?: never;
        /**
         * Keep an incident's events from removal
         * @description Permission: incidents.lead.
         */
        post: operations["place-hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evidence/holds/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a legal hold
         * @description Permission: incidents.lead.
         */
        post: operations["release-hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evidence/quarantine/{name}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a damaged file of events for good
         * @description Permission: instance.manage.
         */
        post: operations["discard-segment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exercises": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List exercises, newest first
         * @description Permission: incidents.read.
         */
        get: operations["list-exercises"];
        put?: never;
        /**
         * Begin to play a scenario as an exercise
         * @description Permission: exercises.run.
         */
        post: operations["start-exercise"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exercises/scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the scenarios that can be played
         * @description Permission: incidents.read.
         */
        get: operations["list-scenarios"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exercises/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Stop an exercise; one that has ended stays as it is
         * @description Permission: exercises.run.
         */
        delete: operations["stop-exercise"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/floor-plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Floor plans
         * @description Permission: hospital.read.
         */
        get: operations["list-floor-plans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/floor-plans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The drawing of a floor plan
         * @description Permission: hospital.read.
         */
        get: operations["get-floor-plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hospital": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hospital in short
         * @description Permission: hospital.read.
         */
        get: operations["get-hospital"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hospital/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The model as a zip of its folder
         * @description Permission: hospital.read.
         */
        get: operations["export-hospital"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hospital/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a model in the place of the one before
         * @description Permission: hospital.edit.
         */
        post: operations["import-hospital"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hospital/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions of the model, newest first
         * @description Permission: hospital.read.
         */
        get: operations["list-hospital-versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List incidents, the last changed first
         * @description Permission: incidents.read.
         */
        get: operations["list-incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an incident
         * @description Permission: incidents.read.
         */
        get: operations["get-incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take notice of an incident
         * @description Permission: incidents.work.
         */
        post: operations["acknowledge-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an incident's alerts with the reasons they joined for
         * @description Permission: incidents.read.
         */
        get: operations["list-incident-alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/comment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Comment on an incident
         * @description Permission: incidents.work.
         */
        post: operations["comment-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/dispatch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note who goes there
         * @description Permission: incidents.work.
         */
        post: operations["dispatch-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/escalate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lift an incident's severity and tell people again
         * @description Permission: incidents.work.
         */
        post: operations["escalate-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/impact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what an incident is predicted to do
         * @description Permission: incidents.read.
         */
        get: operations["get-incident-impact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/impact/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List how the prediction changed, newest first
         * @description Permission: incidents.read.
         */
        get: operations["list-incident-impacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge an incident into another, which is the answer
         * @description Permission: incidents.lead.
         */
        post: operations["merge-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the notices about an incident, newest first
         * @description Permission: incidents.read.
         */
        get: operations["list-incident-notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/owner": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say who works on an incident
         * @description Permission: incidents.work.
         */
        post: operations["set-incident-owner"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the plans of an incident
         * @description Permission: incidents.read.
         */
        get: operations["list-incident-plans"];
        put?: never;
        /**
         * Add a playbook to an incident
         * @description Permission: incidents.work.
         */
        post: operations["add-incident-plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/shelve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set an incident aside for a time
         * @description Permission: incidents.lead.
         */
        post: operations["shelve-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make some alerts an incident of their own, which is the answer
         * @description Permission: incidents.lead.
         */
        post: operations["split-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move an incident to another status
         * @description Permission: incidents.work.
         */
        post: operations["set-incident-status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an incident's story
         * @description Permission: incidents.read.
         */
        get: operations["list-incident-timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/unshelve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an incident back from the shelf
         * @description Permission: incidents.lead.
         */
        post: operations["unshelve-incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{id}/verdict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm or refute what is said of an asset
         * @description Permission: incidents.work.
         */
        post: operations["judge-incident-impact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest/{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take records in: JSON lines, an array, or one object; answered when they are durable
         * @description Permission: events.send.
         */
        post: operations["ingest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List notices, newest first
         * @description Permission: incidents.read.
         */
        get: operations["list-notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notices/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take notice of a notice
         * @description Permission: incidents.work.
         */
        post: operations["acknowledge-notice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description Permission: public.
         */
        get: operations["get-openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pipeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The topics along the way of events, and what the exchange takes on its disk
         * @description Permission: sources.read.
         */
        get: operations["get-pipeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plans/{id}/tasks/{task}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say how far a task is
         * @description Permission: incidents.work.
         */
        post: operations["set-task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/playbooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the playbooks
         * @description Permission: incidents.read.
         */
        get: operations["list-playbooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the detection rules with what they found
         * @description Permission: events.read.
         */
        get: operations["list-rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what is wrong with the text of rules
         * @description Permission: events.read.
         */
        post: operations["check-rules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say why a rule meets an event or does not
         * @description Permission: events.read.
         */
        post: operations["explain-rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read the rules of every folder again
         * @description Permission: rules.edit.
         */
        post: operations["reload-rules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try rules on pasted or stored events
         * @description Permission: events.read.
         */
        post: operations["try-rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one rule with its text, its tests and what was decided about it
         * @description Permission: events.read.
         */
        get: operations["get-rule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/{id}/exceptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say which matches of a rule nobody wants to see, until when and why
         * @description Permission: rules.edit.
         */
        post: operations["except-rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/{id}/exceptions/{exception}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an exception back
         * @description Permission: rules.edit.
         */
        delete: operations["remove-rule-exception"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/{id}/setting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Switch a rule on or off, or change its severity
         * @description Permission: rules.edit.
         */
        put: operations["set-rule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/saved-searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's own saved searches and the shared ones
         * @description Permission: events.read.
         */
        get: operations["list-saved-searches"];
        put?: never;
        /**
         * Keep a search under a name
         * @description Permission: events.read.
         */
        post: operations["save-search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/saved-searches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a saved search of one's own; those who manage people remove any shared one
         * @description Permission: events.read.
         */
        delete: operations["remove-saved-search"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description Permission: public.
         */
        get: operations["get-session"];
        put?: never;
        /**
         * Sign in with name and password
         * @description Permission: public.
         */
        post: operations["sign-in"];
        /**
         * Sign out
         * @description Permission: signed-in.
         */
        delete: operations["sign-out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/intended-use": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept the statement of intended use
         * @description Permission: signed-in.
         */
        post: operations["accept-intended-use"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the password to sign in with
         * @description Permission: signed-in.
         */
        put: operations["set-password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Choose language and theme
         * @description Permission: signed-in.
         */
        put: operations["set-preferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a one-time link
         * @description Permission: public.
         */
        post: operations["redeem-link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How every source fares
         * @description Permission: sources.read.
         */
        get: operations["list-sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sources/{id}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest records of a source that could not be read, newest first
         * @description Permission: sources.read.
         */
        get: operations["list-source-failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is kept, for how long, and what was removed
         * @description Permission: events.read.
         */
        get: operations["get-storage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every change as it happens (server-sent events)
         * @description Permission: incidents.read.
         */
        get: operations["get-stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/texts/{locale}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Machine text in a language
         * @description Permission: public.
         */
        get: operations["get-texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Programs' tokens
         * @description Permission: people.manage.
         */
        get: operations["list-tokens"];
        put?: never;
        /**
         * Make a token for a program
         * @description Permission: people.manage.
         */
        post: operations["make-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw a token
         * @description Permission: people.manage.
         */
        delete: operations["remove-token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Topics, what comes on them and how far their consumers are
         * @description Permission: sources.read.
         */
        get: operations["list-topics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/dead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages that were set aside, newest first
         * @description Permission: instance.manage.
         */
        get: operations["list-dead-letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/dead/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send all messages of a topic that were set aside again
         * @description Permission: instance.manage.
         */
        post: operations["replay-dead-letters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/dead/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A message that was set aside, and what it says
         * @description Permission: instance.manage.
         */
        get: operations["get-dead-letter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/dead/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a message go for good, with a reason
         * @description Permission: instance.manage.
         */
        post: operations["discard-dead-letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/dead/{id}/mend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a corrected message in the place of one that was set aside
         * @description Permission: instance.manage.
         */
        post: operations["mend-dead-letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{topic}/dead/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again as it is
         * @description Permission: instance.manage.
         */
        post: operations["replay-dead-letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/unknown-assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what events name but the hospital model lacks, newest first
         * @description Permission: hospital.read.
         */
        get: operations["list-unknown-assets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/unknown-assets/{id}/adopt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an unknown asset to the hospital model
         * @description Permission: hospital.edit.
         */
        post: operations["adopt-unknown-asset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/unknown-assets/{id}/ignore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set an unknown asset aside for good
         * @description Permission: hospital.edit.
         */
        post: operations["ignore-unknown-asset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * People who may sign in
         * @description Permission: people.manage.
         */
        get: operations["list-users"];
        put?: never;
        /**
         * Add a person; answers with a one-time link
         * @description Permission: people.manage.
         */
        post: operations["add-user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a person and end their sessions
         * @description Permission: people.manage.
         */
        delete: operations["remove-user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new one-time sign-in link
         * @description Permission: people.manage.
         */
        post: operations["make-link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how deliveries to webhooks stand
         * @description Permission: incidents.read.
         */
        get: operations["list-webhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Ack: {
            /** Format: date-time */
            at: string;
            by: string;
            name: string;
        };
        "Acknowledge-incidentBody": {
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        "Add-incident-planBody": {
            /** @description playbook id */
            playbook: string;
        };
        "Add-userBody": {
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "lead" | "admin";
        };
        "Adopt-unknown-assetBody": {
            /** Format: int64 */
            criticality?: number;
            /** @description what it is, such as host or camera */
            kind: string;
            name: string;
            /** @description id of the place that holds it */
            place?: string;
        };
        Adopted: {
            /** @description id of the new asset */
            asset: string;
            /** @description version of the model that has it */
            version: string;
        };
        Affected: {
            alert: string;
            asset: string;
            /** Format: date-time */
            since: string;
            threat: string;
            /** @enum {string} */
            verdict?: "" | "confirmed" | "refuted";
        };
        Alert: {
            actors?: string[];
            assets?: components["schemas"]["AssetRef"][];
            detector: string;
            events: string[];
            exercise?: string;
            id: string;
            /** Format: date-time */
            received: string;
            rule: string;
            /** @enum {string} */
            severity: "info" | "low" | "medium" | "high" | "critical";
            site?: string;
            source: string;
            techniques?: string[];
            text: components["schemas"]["Text"];
            threat: string;
            /** Format: date-time */
            time: string;
        };
        AlternativeOutcome: {
            items: components["schemas"]["ItemOutcome"][];
            met: boolean;
        };
        Assessment: {
            barriers: components["schemas"]["Barrier"][];
            /** Format: date-time */
            computed: string;
            impacts: components["schemas"]["Impact"][];
            incident: string;
            /** Format: int64 */
            incident_version: number;
            model: string;
            not_modelled: components["schemas"]["Text"][];
            services: components["schemas"]["ServiceImpact"][];
            starts?: components["schemas"]["Affected"][];
            /** Format: double */
            took_ms: number;
        };
        Asset: {
            attributes?: {
                [key: string]: string;
            };
            /** Format: int64 */
            beds?: number;
            /** Format: int64 */
            criticality: number;
            hub?: boolean;
            id: string;
            identifiers?: components["schemas"]["Identifier"][];
            kind: string;
            name: string;
            owner?: string;
            place?: string;
            protections?: components["schemas"]["Protection"][];
            tags?: string[];
        };
        AssetRef: {
            by: string;
            id: string;
            role: string;
            value: string;
        };
        AssetView: {
            asset: components["schemas"]["Asset"];
            /**
             * Format: int64
             * @description how many neighbours are not listed
             */
            more?: number;
            /** @description one for each dependency, at most 500 */
            neighbours: components["schemas"]["Neighbour"][];
            /** @description the places that hold it, outermost first */
            path: components["schemas"]["Asset"][];
        };
        AuditLine: {
            action: string;
            by: string;
            detail?: {
                [key: string]: unknown;
            };
            id: string;
            name: string;
            /**
             * Format: int64
             * @description number in the tamper-evident log, from 0; -1 while it waits
             */
            place: number;
            subject: string;
            /** Format: date-time */
            time: string;
        };
        BackupState: {
            /**
             * Format: date-time
             * @description when the next one is due
             */
            due?: string;
            /**
             * Format: double
             * @description seconds between two; 0 for by hand only
             */
            every: number;
            /** @description why the last one failed */
            failed?: string;
            folder: string;
            /** @description newest first */
            items: components["schemas"]["Made"][];
            /** Format: int64 */
            keep: number;
            /** @description public halves of the recovery keys; none: no backups are made */
            recipients: string[];
            running?: components["schemas"]["Running"];
        };
        Barrier: {
            /** Format: double */
            degree: number;
            from: string;
            protection: string[];
            threat: string;
            to: string;
        };
        Bucket: {
            by_category: {
                [key: string]: number;
            };
            /**
             * Format: date-time
             * @description when the span begins
             */
            t: string;
            /** Format: int64 */
            total: number;
        };
        CareState: {
            harm_at?: string;
            incident?: string;
            /** Format: double */
            likelihood?: number;
            name: string;
            service: string;
            /** @enum {string} */
            severity?: "info" | "low" | "medium" | "high" | "critical";
            site: string;
            state: string;
            /** Format: double */
            time_to_harm_s?: number;
            why?: string;
        };
        Catalogue: {
            locale: string;
            /** @description by code; {names} stand for parameters */
            texts: {
                [key: string]: string;
            };
        };
        "Check-rulesBody": {
            /** @description rules as a file has them (Sigma, YAML) */
            text: string;
        };
        CheckProblem: {
            error: string;
            /**
             * Format: int64
             * @description from 1; 0 where it is not known
             */
            line: number;
        };
        CheckResult: {
            problems: components["schemas"]["CheckProblem"][];
            /** @description those that can be loaded */
            rules: components["schemas"]["CheckedRule"][];
        };
        CheckedRule: {
            id: string;
            /** @enum {string} */
            kind: "event" | "correlation" | "foreign" | "filter";
            title: string;
            /** @description what is doubtful of it */
            warning?: string;
        };
        "Comment-incidentBody": {
            text: string;
        };
        ConditionExplanation: {
            met: boolean;
            of?: components["schemas"]["ConditionExplanation"][];
            /** @enum {string} */
            op: "and" | "or" | "not" | "selection" | "at-least";
            /** @description as the rule writes it, or the selection's name */
            text: string;
        };
        ConsumerHealth: {
            /**
             * Format: double
             * @description how old that message is
             */
            age_s: number;
            /**
             * Format: int64
             * @description messages that it has not passed yet
             */
            lag: number;
            name: string;
            /** Format: int64 */
            offset: number;
            /**
             * Format: date-time
             * @description when the oldest message that it has not passed was published
             */
            oldest?: string;
            /**
             * Format: double
             * @description messages a second over the last minute
             */
            rate: number;
        };
        Cut: {
            /**
             * Format: date-time
             * @description everything from this time on was looked at
             */
            back_to: string;
            /**
             * @description what was spent: the time or the bytes that one question may take
             * @enum {string}
             */
            why: "time" | "bytes";
        };
        Damaged: {
            /**
             * Format: int64
             * @description it held events from topic raw above this offset
             */
            after: number;
            /** Format: int64 */
            bytes: number;
            name: string;
            /**
             * Format: int64
             * @description up to this one
             */
            through: number;
        };
        DayUse: {
            /** Format: int64 */
            bytes: number;
            day: string;
            /** Format: int64 */
            events: number;
        };
        Deleted: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            events: number;
            /**
             * Format: int64
             * @description that stayed for an incident or a hold
             */
            kept?: number;
            /** @enum {string} */
            kind: "erasure" | "retention" | "quarantine";
            /** Format: int64 */
            number: number;
            /**
             * Format: int64
             * @description events that lost their raw bytes only
             */
            raw?: number;
            who?: string;
            why?: string;
        };
        Delivery: {
            /** Format: date-time */
            at?: string;
            /** Format: int64 */
            attempts: number;
            error?: string;
            /** Format: date-time */
            next?: string;
            state: string;
        };
        Dependency: {
            /** Format: int64 */
            autonomy_ns?: number;
            both_ways?: boolean;
            from: string;
            group?: string;
            /** Format: double */
            likelihood?: number;
            /** Format: int64 */
            need?: number;
            note?: string;
            relation: string;
            to: string;
        };
        Detail: {
            message: string;
            position?: components["schemas"]["Position"];
            /** @description field, or file and line */
            where?: string;
        };
        "Discard-dead-letterBody": {
            /** @description why it is not needed */
            why: string;
        };
        "Discard-segmentBody": {
            why: string;
        };
        Disk: {
            /**
             * Format: double
             * @description until the disk is full, if nothing is removed
             */
            days_left?: number;
            /** Format: int64 */
            free: number;
            /**
             * Format: int64
             * @description bytes of evidence a day, over the last whole days up to seven; 0 while none is whole
             */
            per_day: number;
            /** Format: int64 */
            total: number;
        };
        "Dispatch-incidentBody": {
            note?: string;
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
            /** @description who goes */
            who: string;
        };
        "Erase-eventsBody": {
            /** @description also events that only mention the person, in whatever text */
            anywhere?: boolean;
            /** @description of events */
            ids?: string[];
            /** @description a name, account, badge or number: events in which an actor, a target or a patient is exactly this */
            person?: string;
            /** @description only say what would happen */
            preview?: boolean;
            /** @description in the query language */
            query?: string;
            /** @description a case number; no name, for it stays. Required unless it is a preview */
            why?: string;
        };
        Erased: {
            /**
             * Format: int64
             * @description that are or would be erased
             */
            events: number;
            /**
             * Format: int64
             * @description that stay, because a legal hold names them
             */
            held: number;
            /** @description absent for a preview */
            id?: string;
            /**
             * Format: int64
             * @description files that are written anew
             */
            segments: number;
            why_held?: string;
        };
        ErasureState: {
            /** Format: date-time */
            asked: string;
            /** Format: int64 */
            events: number;
            /** Format: int64 */
            held: number;
            id: string;
            name: string;
            /**
             * Format: int64
             * @description files that are still to be written anew
             */
            open: number;
            /** Format: date-time */
            rewritten?: string;
            /** Format: int64 */
            segments: number;
            why: string;
        };
        "Escalate-incidentBody": {
            reason: string;
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        Event: {
            action?: string;
            assets?: components["schemas"]["AssetRef"][];
            attributes?: {
                [key: string]: string;
            };
            category: string;
            exercise?: string;
            format: string;
            id: string;
            original?: {
                [key: string]: unknown;
            };
            parse_error?: string;
            raw?: string;
            /** Format: date-time */
            received: string;
            site?: string;
            source: string;
            /** Format: date-time */
            time: string;
            /** Format: int64 */
            truncated?: number;
            unknown?: components["schemas"]["Identifier"][];
        };
        "Except-ruleBody": {
            /**
             * Format: date-time
             * @description at most a year ahead
             */
            until: string;
            /** @description all must hold */
            when: components["schemas"]["ExceptionPart"][];
            why: string;
        };
        Exception: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description matches that it swallowed
             */
            hits: number;
            id: string;
            rule: string;
            /** @enum {string} */
            state: "in-force" | "expired" | "removed";
            /** Format: date-time */
            until: string;
            /** @description all must hold */
            when: components["schemas"]["ExceptionPart"][];
            /** @description who made it, by name */
            who: string;
            why: string;
        };
        ExceptionPart: {
            /**
             * @description as rules name it: the vocabulary's or the sender's own
             * @example source.ip
             */
            field: string;
            /** @enum {string} */
            op: "is" | "contains" | "startswith" | "endswith" | "cidr";
            value: string;
        };
        Exercise: {
            /** @description who began it */
            by: string;
            /** Format: date-time */
            ended?: string;
            id: string;
            /**
             * Format: double
             * @description how long the scenario lasts, seconds
             */
            length_s: number;
            /**
             * Format: double
             * @description how far it came in the scenario, seconds
             */
            position_s: number;
            /** @description what went wrong */
            problem?: string;
            /**
             * Format: int64
             * @description records that a listener would not take
             */
            refused: number;
            scenario: string;
            /**
             * Format: int64
             * @description records
             */
            sent: number;
            /**
             * Format: double
             * @description scenario seconds per second; 0 is as fast as possible
             */
            speed: number;
            /** Format: date-time */
            started: string;
            /** @enum {string} */
            state: "running" | "finished" | "stopped" | "failed" | "interrupted";
            title: components["schemas"]["Title"];
        };
        "Explain-ruleBody": {
            /** @description a record as a source would send it */
            event?: string;
            /** @description a stored event */
            event_id?: string;
            /**
             * @description of the record; absent: found by looking at it
             * @enum {string}
             */
            format?: "" | "syslog" | "ndjson" | "suricata" | "webhook" | "frigate" | "sensor";
            /** @description of webhook and sensor records */
            mapping?: string;
            /** @description a rule in force, or one of the text's */
            rule?: string;
            /** @description rules that are in force nowhere (Sigma, YAML) */
            text?: string;
        };
        Explanation: {
            condition: components["schemas"]["ConditionExplanation"];
            log_source: components["schemas"]["LogSourceExplanation"];
            /** @description the event is of the rule's log source and meets its condition */
            matched: boolean;
            rule: string;
            /** @description in the order of the rule */
            selections: components["schemas"]["SelectionOutcome"][];
            title: string;
        };
        Export: {
            /**
             * Format: date-time
             * @description for a query: at or after this time
             */
            from?: string;
            /** @description an incident's id: it with the events that its alerts name */
            incident?: string;
            /** @description in the query language */
            query?: string;
            /**
             * Format: date-time
             * @description for a query: before this time
             */
            to?: string;
            /** @description for whom: it stands in the chain of custody */
            why?: string;
        };
        Failure: {
            error: string;
            peer?: string;
            raw: string;
            /** Format: date-time */
            time: string;
        };
        FieldCount: {
            /**
             * Format: int64
             * @description how many different values they have
             */
            distinct: number;
            /**
             * Format: int64
             * @description how many of the events have it
             */
            events: number;
            /** @description as the query language names it */
            name: string;
            /** @description a name of the sender's own */
            original?: boolean;
        };
        Fields: {
            /** @description Warder's own words first, then the sender's, each the most frequent first */
            fields: components["schemas"]["FieldCount"][];
            /**
             * Format: int64
             * @description how many events were looked at
             */
            sample: number;
        };
        Finding: {
            /** @description line of the audit */
            id?: string;
            /**
             * Format: int64
             * @description entry of the log; -1 for the log as a whole
             */
            place: number;
            what: string;
        };
        FloorPlan: {
            id: string;
            name: string;
            /** @description id of the floor, building or site that it shows */
            place: string;
        };
        Health: {
            /** @description topics on which messages were set aside, each part by itself */
            dead_topics: string[];
            /**
             * Format: int64
             * @description what the exchange takes on its disk
             */
            disk_bytes: number;
            /** Format: int64 */
            disk_free_bytes: number;
            /** @description along the way; the parts of a topic count as one */
            topics: components["schemas"]["TopicHealth"][];
        };
        Histogram: {
            /**
             * Format: double
             * @description length of one span in seconds
             */
            bucket_s: number;
            /** @description every span, in order, also empty ones */
            counts: components["schemas"]["Bucket"][];
            /** @description why not everything was counted, and back to when it was */
            cut?: components["schemas"]["Cut"];
            /**
             * Format: int64
             * @description damaged segments, whose events are not counted
             */
            damaged?: number;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
        };
        HitsDay: {
            /** Format: date */
            day: string;
            /** Format: int64 */
            hits: number;
        };
        Hold: {
            /** @description also what happened at its assets in its time */
            around: boolean;
            by: string;
            /**
             * Format: int64
             * @description that the incident's alerts name
             */
            events: number;
            id: string;
            in_force: boolean;
            incident: string;
            name: string;
            /**
             * Format: int64
             * @description the incident's
             */
            number: number;
            /** Format: date-time */
            placed: string;
            /** Format: date-time */
            released?: string;
            released_by?: string;
            released_why?: string;
            /** Format: date-time */
            until?: string;
            why: string;
        };
        HospitalView: {
            counts: components["schemas"]["ModelCounts"];
            demo: boolean;
            name: string;
            /** @description ids of the sites */
            sites: string[];
            /** @description IANA name */
            time_zone: string;
            /** @description names the content of the model */
            version: string;
        };
        Identifier: {
            kind: string;
            value: string;
        };
        Impact: {
            arrives_at?: string;
            asset: string;
            /** Format: double */
            delay_s: number;
            /** Format: double */
            likelihood: number;
            path: components["schemas"]["Step"][];
            /** @enum {string} */
            severity: "info" | "low" | "medium" | "high" | "critical";
            threat: string;
            /** @enum {string} */
            verdict?: "" | "confirmed" | "refuted";
        };
        Incident: {
            ack?: components["schemas"]["Ack"];
            /** Format: int64 */
            alerts: number;
            assets: components["schemas"]["Affected"][];
            /** Format: date-time */
            closed?: string;
            domains: string[];
            exercise?: string;
            id: string;
            /** Format: date-time */
            last_alert: string;
            merged_into?: string;
            /** Format: int64 */
            number: number;
            /** Format: date-time */
            opened: string;
            outlook?: components["schemas"]["Outlook"];
            owner?: string;
            place?: string;
            /** @enum {string} */
            severity: "info" | "low" | "medium" | "high" | "critical";
            shelved?: components["schemas"]["Shelving"];
            site?: string;
            /** @enum {string} */
            status: "new" | "acknowledged" | "in-progress" | "resolved" | "closed";
            title: components["schemas"]["Text"];
            type: string;
            /** Format: date-time */
            updated: string;
            /** Format: int64 */
            version: number;
        };
        Instance: {
            demo: boolean;
            name: string;
            /** @description IANA name of the sites' zone */
            time_zone: string;
            version: string;
        };
        ItemOutcome: {
            /** @description every value must be met, not one of them */
            all?: boolean;
            /** @description what the event has there, the first few, each cut at 500 characters */
            event?: string[];
            /** @description empty for keywords */
            field: string;
            met: boolean;
            modifiers?: string[];
            /** @description the event has the field */
            present: boolean;
            /** @description the event's own name of the field, where it is another */
            read_as?: string;
            /** @description what the rule asks for */
            values: components["schemas"]["ValueOutcome"][];
        };
        Join: {
            alert: components["schemas"]["Alert"];
            /** Format: date-time */
            at: string;
            by?: string;
            incident: string;
            reason: components["schemas"]["Text"];
            with?: string;
        };
        "Judge-incident-impactBody": {
            asset: string;
            threat: string;
            /** @enum {string} */
            verdict: "confirmed" | "refuted";
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
            why: string;
        };
        Keeping: {
            /** Format: int64 */
            days: number;
            /** Format: int64 */
            raw: number;
        };
        KindUse: {
            /**
             * Format: int64
             * @description on disk, about: a file's bytes shared out among its events
             */
            bytes: number;
            category: string;
            /** Format: int64 */
            events: number;
            exercise?: boolean;
            /** Format: date-time */
            newest: string;
            /** Format: date-time */
            oldest: string;
            /**
             * Format: int64
             * @description of the records as they came, before compression
             */
            raw_bytes: number;
            source: string;
        };
        Letter: {
            /**
             * Format: date-time
             * @description when it was set aside
             */
            buried: string;
            /** @description who could not handle it */
            consumer: string;
            id: string;
            key?: string;
            /** Format: int64 */
            offset: number;
            /** @description why it cannot be read */
            problem?: string;
            reason: string;
            /** @description what it says; absent in lists, and when it cannot be read */
            shown?: unknown;
            /**
             * Format: int64
             * @description bytes
             */
            size: number;
            /** @description what can be shown of it when it cannot be read */
            text?: string;
            topic: string;
        };
        ListAlert: {
            items: components["schemas"]["Alert"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListAssessment: {
            items: components["schemas"]["Assessment"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListAsset: {
            items: components["schemas"]["Asset"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListAuditLine: {
            items: components["schemas"]["AuditLine"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListCareState: {
            items: components["schemas"]["CareState"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListExercise: {
            items: components["schemas"]["Exercise"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListFailure: {
            items: components["schemas"]["Failure"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListFloorPlan: {
            items: components["schemas"]["FloorPlan"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListHold: {
            items: components["schemas"]["Hold"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListIncident: {
            items: components["schemas"]["Incident"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListJoin: {
            items: components["schemas"]["Join"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListLetter: {
            items: components["schemas"]["Letter"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListModelVersion: {
            items: components["schemas"]["ModelVersion"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListNotice: {
            items: components["schemas"]["Notice"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListPlan: {
            items: components["schemas"]["Plan"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListRuleStatus: {
            items: components["schemas"]["RuleStatus"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListSavedSearch: {
            items: components["schemas"]["SavedSearch"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListScenarioInfo: {
            items: components["schemas"]["ScenarioInfo"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListSourceHealth: {
            items: components["schemas"]["SourceHealth"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListSummary: {
            items: components["schemas"]["Summary"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListTimelineEntry: {
            items: components["schemas"]["TimelineEntry"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListToken: {
            items: components["schemas"]["Token"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListTopicHealth: {
            items: components["schemas"]["TopicHealth"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListUnknownAsset: {
            items: components["schemas"]["UnknownAsset"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListUser: {
            items: components["schemas"]["User"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        ListWebhookState: {
            items: components["schemas"]["WebhookState"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many there are in all, where that is cheap to know
             */
            total?: number;
        };
        LogSource: {
            category?: string;
            product?: string;
            service?: string;
        };
        LogSourceExplanation: {
            /** @description every log source that the event is of, the most special first */
            has: components["schemas"]["LogSource"][];
            met: boolean;
            wanted: components["schemas"]["LogSource"];
        };
        LogState: {
            /** @description newest signed checkpoint: keep copies elsewhere */
            checkpoint?: string;
            /**
             * Format: int64
             * @description in the tamper-evident log
             */
            entries: number;
            /** @description name of the log */
            origin: string;
            /**
             * Format: date-time
             * @description when this process published it
             */
            published?: string;
            /** @description why nothing is appended */
            trouble?: string;
            /** @description the last verification of everything */
            verified?: components["schemas"]["Verification"];
            /** @description key that checks its signatures: keep a copy elsewhere */
            verifier: string;
            /**
             * Format: int64
             * @description lines that are not in it yet
             */
            waiting: number;
        };
        Made: {
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            made: string;
            name: string;
            parts: {
                [key: string]: components["schemas"]["Part"];
            };
            /** @description version that made it */
            program: string;
            sha256: string;
            /**
             * Format: double
             * @description seconds, with the verification
             */
            took: number;
            /**
             * Format: date-time
             * @description when the file was read back, decrypted and compared
             */
            verified: string;
        };
        "Make-tokenBody": {
            /**
             * Format: int64
             * @description until it ends; 0 for never
             */
            days?: number;
            name: string;
            /** @enum {string} */
            role: "sender" | "viewer" | "operator" | "lead" | "admin";
        };
        "Mend-dead-letterBody": {
            /** @description the corrected message, in the form in which the letter is shown */
            message: unknown;
        };
        "Merge-incidentBody": {
            /** @description the incident that goes on */
            into: string;
            reason: string;
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        ModelCounts: {
            /** Format: int64 */
            assets: number;
            /** Format: int64 */
            dependencies: number;
            /** Format: int64 */
            plans: number;
        };
        ModelVersion: {
            /** Format: int64 */
            assets: number;
            by: string;
            by_name: string;
            /** @description import, adopt or remove-demo */
            cause: string;
            demo: boolean;
            /** Format: int64 */
            dependencies: number;
            /** Format: date-time */
            made: string;
            name: string;
            /**
             * Format: int64
             * @description counts up with every change
             */
            number: number;
            /** @description the version before */
            replaced: string;
            /** @description names the content */
            version: string;
        };
        Neighbour: {
            asset: components["schemas"]["Asset"];
            dependency: components["schemas"]["Dependency"];
            /**
             * @description out: harm can go there; in: harm can come from there
             * @enum {string}
             */
            direction: "in" | "out";
            relation: string;
        };
        NewUser: {
            /** @description path and fragment; put the console's address before it */
            link: string;
            user: components["schemas"]["User"];
        };
        Notice: {
            ack?: components["schemas"]["Ack"];
            channel: string;
            delivery: components["schemas"]["Delivery"];
            exercise?: string;
            id: string;
            incident: string;
            /** Format: date-time */
            made: string;
            /** @enum {string} */
            severity: "info" | "low" | "medium" | "high" | "critical";
            text: components["schemas"]["Text"];
        };
        Outlook: {
            /** Format: int64 */
            assets: number;
            harm_at?: string;
            /** Format: double */
            likelihood?: number;
            next?: string;
            next_state?: string;
            /** Format: int64 */
            services: number;
            /** Format: double */
            time_to_harm_s?: number;
        };
        Page: {
            /** @description why the search ended early, and back to when it came; next goes on there */
            cut?: components["schemas"]["Cut"];
            /**
             * Format: int64
             * @description damaged segments, whose events are missing
             */
            damaged?: number;
            items: components["schemas"]["Event"][];
            /** @description cursor of the next page; absent on the last */
            next?: string;
            /**
             * Format: int64
             * @description how many events were looked at
             */
            scanned: number;
        };
        Part: {
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            entries: number;
            /** Format: int64 */
            rows?: number;
        };
        "Place-holdBody": {
            /** @description also hold what happened at the incident's assets, from an hour before to an hour after */
            around?: boolean;
            incident: string;
            /**
             * Format: date-time
             * @description when it ends by itself; absent: when somebody releases it
             */
            until?: string;
            /** @description for whom or what: a case number */
            why: string;
        };
        Plan: {
            /** Format: date-time */
            done?: string;
            id: string;
            incident: string;
            playbook: string;
            /** Format: date-time */
            started: string;
            tasks: components["schemas"]["Task"][];
            title: components["schemas"]["Text"];
            /** Format: int64 */
            version: number;
        };
        Position: {
            /**
             * Format: int64
             * @description from 1, in characters
             */
            column: number;
            /**
             * Format: int64
             * @description from 1
             */
            line: number;
            /**
             * Format: int64
             * @description characters before it
             */
            offset: number;
        };
        Problem: {
            /** @description what was being done, what is wrong and what to do next */
            detail: string;
            /** @description every single thing that is wrong */
            errors?: components["schemas"]["Detail"][];
            /** @description id under which the log has the rest */
            instance?: string;
            /** Format: int64 */
            status: number;
            /** @description the status in words */
            title: string;
            /** @description urn:warder:problem:<kind> */
            type: string;
        };
        Program: {
            /** @description id of the token */
            id: string;
            name: string;
            /** @enum {string} */
            role: "sender" | "viewer" | "operator" | "lead" | "admin";
        };
        Protection: {
            against: string;
            by?: string[];
            /** Format: double */
            degree: number;
            note?: string;
        };
        "Redeem-linkBody": {
            /** @description from the one-time link */
            token: string;
        };
        "Release-holdBody": {
            why: string;
        };
        ReloadResult: {
            added: string[];
            /** @description rules that became others: by their own document, a filter of theirs or the values of their placeholders */
            changed: string[];
            /**
             * Format: int64
             * @description files or rules that could not be read; GET /rules?status=error names them
             */
            failed: number;
            /**
             * Format: int64
             * @description rules that work, those that are off included
             */
            loaded: number;
            removed: string[];
        };
        Replayed: {
            /**
             * Format: int64
             * @description letters that are there still: beyond the first 500, or set aside again meanwhile
             */
            left: number;
            /** Format: int64 */
            replayed: number;
        };
        Retention: {
            categories: {
                [key: string]: number;
            };
            /** Format: int64 */
            default: number;
            /** Format: int64 */
            exercise: number;
            /** Format: int64 */
            incident: number;
            /** Format: int64 */
            raw: number;
            sources: {
                [key: string]: number;
            };
        };
        RuleCost: {
            /**
             * Format: int64
             * @description events that it was tried on
             */
            evaluations: number;
            /**
             * Format: double
             * @description microseconds per evaluation, estimated from a sample
             */
            mean_us: number;
            /**
             * Format: double
             * @description of the time that all rules take, 0 to 1
             */
            share?: number;
        };
        RuleDetail: {
            author: string;
            /** @description correlations that count it */
            counted_by: components["schemas"]["RuleName"][];
            /** @description what it counts, when it is a correlation */
            counts: components["schemas"]["RuleName"][];
            description: string;
            /** @description newest first, in every state */
            exceptions: components["schemas"]["Exception"][];
            falsepositives: string[];
            /** @description titles of the filters that were added to it */
            filters: string[];
            log_source?: components["schemas"]["LogSource"];
            references: string[];
            rule: components["schemas"]["RuleStatus"];
            setting?: components["schemas"]["RuleSetting"];
            tags: string[];
            tests: components["schemas"]["RuleTest"][];
            /** @description as its file says it (YAML) */
            text: string;
        };
        RuleFile: {
            /** @description where there are several: a rule of a later one replaces one of the same id */
            folder?: string;
            /** @description path in the folder, with slashes */
            name: string;
            text: string;
        };
        RuleName: {
            id: string;
            title: string;
            title_fr?: string;
        };
        RuleProblem: {
            error: string;
            /** @description with the folder, where one was named */
            file: string;
            /**
             * Format: int64
             * @description from 1; 0 where it is not known
             */
            line: number;
        };
        RuleSetting: {
            /** Format: date-time */
            at: string;
            off: boolean;
            /**
             * @description instead of the rule's own; empty for that
             * @enum {string}
             */
            severity: "" | "info" | "low" | "medium" | "high" | "critical";
            who: string;
            why: string;
        };
        RuleStatus: {
            cost: components["schemas"]["RuleCost"];
            error?: string;
            /**
             * Format: int64
             * @description matches that exceptions swallowed
             */
            excepted: number;
            /**
             * Format: int64
             * @description in force
             */
            exceptions: number;
            file?: string;
            /** Format: int64 */
            hits: number;
            id: string;
            /** @enum {string} */
            kind: "event" | "correlation" | "foreign" | "filter";
            /** Format: date-time */
            last_hit?: string;
            /** @description the rule's own severity */
            level: string;
            /**
             * Format: int64
             * @description where it begins in the file
             */
            line?: number;
            /** @description shipped with Warder */
            ours: boolean;
            /** @description the last 14 days of the site, oldest first */
            per_day: components["schemas"]["HitsDay"][];
            /**
             * @description the severity in effect
             * @enum {string}
             */
            severity: "info" | "low" | "medium" | "high" | "critical";
            slow: boolean;
            /** @enum {string} */
            status: "active" | "off" | "error";
            techniques: string[];
            threat: string;
            title: string;
            title_fr?: string;
            /** @description what is doubtful of it, though it works */
            warning?: string;
        };
        RuleTest: {
            /** @description why it did not pass */
            detail?: string;
            /** @enum {string} */
            kind: "hit" | "silence";
            /** @description absent when it was not run */
            passed?: boolean;
            /** @description as the file beside the rule has it (YAML) */
            text: string;
        };
        Running: {
            /** Format: date-time */
            began: string;
            /** Format: int64 */
            bytes: number;
            part: string;
        };
        "Save-searchBody": {
            /** Format: date-time */
            from?: string;
            /** @enum {string} */
            last?: "" | "15m" | "1h" | "24h" | "7d" | "all";
            name: string;
            query: string;
            shared?: boolean;
            /** Format: date-time */
            to?: string;
        };
        SavedSearch: {
            /** Format: date-time */
            at: string;
            by: string;
            /** Format: date-time */
            from?: string;
            id: string;
            /** @description the last so long; absent for a fixed range */
            last?: string;
            /** @description the caller saved it */
            mine: boolean;
            name: string;
            query: string;
            /** @description everybody who may look at events sees it */
            shared: boolean;
            /** Format: date-time */
            to?: string;
        };
        ScenarioInfo: {
            /** @description types of the incidents that must come */
            expects: string[];
            /** @description the hospital that it was written for */
            hospital: string;
            id: string;
            /**
             * Format: double
             * @description seconds
             */
            length_s: number;
            /** @description whether ordinary records are played around it */
            noise: boolean;
            /** @description whether it can be played in this hospital */
            playable: boolean;
            /**
             * Format: int64
             * @description of the time line, without noise
             */
            records: number;
            story: string;
            title: components["schemas"]["Title"];
            /** @description why it cannot */
            why?: string;
        };
        SelectionOutcome: {
            alternatives: components["schemas"]["AlternativeOutcome"][];
            met: boolean;
            name: string;
        };
        ServiceImpact: {
            harm_at: string;
            /** Format: double */
            likelihood: number;
            path: components["schemas"]["Step"][];
            service: string;
            /** @enum {string} */
            severity: "info" | "low" | "medium" | "high" | "critical";
            state: string;
            /** Format: double */
            time_to_harm_s: number;
        };
        SessionInfo: {
            /** @description goes back in the header X-CSRF-Token with everything that writes */
            csrf?: string;
            instance: components["schemas"]["Instance"];
            /** @description nobody may sign in yet: use the link that warder printed */
            needs_setup: boolean;
            permissions: string[];
            /** @description the program, when one asks by its token */
            program?: components["schemas"]["Program"];
            signed_in: boolean;
            /** @description the person, when a person asks */
            user?: components["schemas"]["User"];
        };
        "Set-incident-ownerBody": {
            /** @description who works on it; empty for nobody */
            owner: string;
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        "Set-incident-statusBody": {
            /** @description why; required to resolve or close */
            reason?: string;
            /**
             * @description where the incident shall stand
             * @enum {string}
             */
            status: "acknowledged" | "in-progress" | "resolved" | "closed";
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        "Set-passwordBody": {
            /** @description the password until now, if there is one */
            current?: string;
            /** @description at least 12 letters; a sentence is good */
            password: string;
        };
        "Set-preferencesBody": {
            /** @enum {string} */
            locale?: "en" | "fr";
            /** @enum {string} */
            theme?: "system" | "dark" | "light";
        };
        "Set-ruleBody": {
            off: boolean;
            /**
             * @description instead of the rule's own; empty for that
             * @enum {string}
             */
            severity: "" | "info" | "low" | "medium" | "high" | "critical";
            why: string;
        };
        "Set-taskBody": {
            /** @description required to skip: why */
            note?: string;
            /** @enum {string} */
            state: "open" | "doing" | "done" | "skipped";
            /**
             * Format: int64
             * @description the plan's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        "Shelve-incidentBody": {
            /**
             * Format: date-time
             * @description when it comes back by itself; at most seven days ahead
             */
            until: string;
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
            /** @description why it can wait */
            why: string;
        };
        Shelving: {
            /** Format: date-time */
            at: string;
            by: string;
            name: string;
            /** Format: date-time */
            until: string;
            why: string;
        };
        "Sign-inBody": {
            name: string;
            password: string;
        };
        SourceHealth: {
            /** Format: int64 */
            bytes: number;
            detail?: components["schemas"]["Text"];
            /** Format: int64 */
            dropped: number;
            /** Format: double */
            expected_s: number;
            id: string;
            kind: string;
            /** Format: date-time */
            last?: string;
            name: string;
            /** Format: int64 */
            parse_errors: number;
            /** Format: int64 */
            rate_per_minute: number;
            /** Format: int64 */
            received: number;
            /** Format: int64 */
            refused: number;
            site?: string;
            /** Format: int64 */
            skew_ms: number;
            skew_state: string;
            state: string;
            /** Format: int64 */
            truncated: number;
        };
        "Split-incidentBody": {
            /** @description ids of the alerts that make an incident of their own */
            alerts: string[];
            reason: string;
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        "Start-exerciseBody": {
            /** @description as fast as the listeners take it, whatever the speed */
            fastest?: boolean;
            /** @description id of the scenario */
            scenario: string;
            /**
             * Format: double
             * @description scenario seconds per second
             * @default 1
             */
            speed: number;
        };
        Step: {
            /** Format: double */
            delay_s: number;
            from: string;
            from_threat: string;
            /** Format: double */
            likelihood: number;
            relation: string;
            rule: string;
            to: string;
            to_threat: string;
            why: components["schemas"]["Text"];
        };
        Storage: {
            /** @description the newest records of what was removed */
            deletions: components["schemas"]["Deleted"][];
            disk: components["schemas"]["Disk"];
            /** @description under way */
            erasures: components["schemas"]["ErasureState"][];
            holds: components["schemas"]["Hold"][];
            /** @description how long each kind in usage is kept, in the same order */
            keeping: components["schemas"]["Keeping"][];
            /** @description that signs bundles and deletion records: compare it with what warder evidence verify prints */
            key: string;
            /** @description as it is configured, in days; 0 for ever */
            retention: components["schemas"]["Retention"];
            usage: components["schemas"]["Usage"];
        };
        Summary: {
            id: string;
            /** Format: int64 */
            steps: number;
            /** @description incident types that it is for; none for those that no other is for */
            threats: string[];
            /** @description by locale */
            title: {
                [key: string]: string;
            };
        };
        Task: {
            /** Format: date-time */
            at?: string;
            by?: string;
            for: string;
            id: string;
            note?: string;
            /** @enum {string} */
            state: "open" | "doing" | "done" | "skipped";
            step: string;
            text: components["schemas"]["Text"];
        };
        Text: {
            code: string;
            params?: {
                [key: string]: string;
            };
        };
        TimelineEntry: {
            alert?: string;
            asset?: string;
            by?: string;
            id: string;
            incident: string;
            kind: string;
            /** @enum {string} */
            severity?: "info" | "low" | "medium" | "high" | "critical";
            text: components["schemas"]["Text"];
            /** Format: date-time */
            time: string;
        };
        Title: {
            en: string;
            fr: string;
        };
        Token: {
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            expires?: string;
            id: string;
            name: string;
            /** @enum {string} */
            role: "sender" | "viewer" | "operator" | "lead" | "admin";
            /** @description only in the answer that makes the token */
            secret?: string;
            /** Format: date-time */
            used?: string;
        };
        Top: {
            /** @description more different values than are counted; what is shown is exact and a value may be missing */
            approximate?: boolean;
            /** @description why not everything was counted, and back to when it was */
            cut?: components["schemas"]["Cut"];
            /**
             * Format: int64
             * @description damaged segments, whose events are not counted
             */
            damaged?: number;
            /**
             * Format: int64
             * @description how many different values there are, as far as they were counted
             */
            distinct: number;
            /** @description the fields, as the query language names them */
            fields: string[];
            /**
             * Format: int64
             * @description how many events were looked at
             */
            total: number;
            /** @description the most frequent first */
            values: components["schemas"]["TopValue"][];
            /**
             * Format: int64
             * @description how many of them have no value of a field
             */
            without: number;
        };
        TopValue: {
            /** Format: int64 */
            count: number;
            /** @description one for each field */
            values: string[];
        };
        TopicHealth: {
            /**
             * Format: int64
             * @description on disk, about
             */
            bytes: number;
            consumers: components["schemas"]["ConsumerHealth"][];
            /**
             * Format: int64
             * @description messages that were set aside
             */
            dead: number;
            /**
             * Format: int64
             * @description oldest offset kept
             */
            first: number;
            /**
             * Format: int64
             * @description newest offset
             */
            last: number;
            /**
             * Format: double
             * @description messages a second over the last minute
             */
            rate: number;
            topic: string;
        };
        TriedMatch: {
            event: components["schemas"]["Event"];
            explanation?: components["schemas"]["Explanation"];
            rule: string;
        };
        TriedRule: {
            /**
             * Format: date-time
             * @description by the events' own time
             */
            first: string;
            /** Format: int64 */
            hits: number;
            id: string;
            /** @enum {string} */
            kind: "event" | "correlation" | "foreign" | "filter";
            /** Format: date-time */
            last: string;
            /** @description as the rule says it; may be empty */
            level: string;
            per_day: components["schemas"]["HitsDay"][];
            /** @description the rule's own, whatever was decided about it */
            severity: string;
            title: string;
        };
        "Try-ruleBody": {
            /** @description records as a source would send them; absent: stored events */
            events?: string[];
            /** @description explain each match that is listed */
            explain?: boolean;
            /** @description instead of a text: a folder of rules that are in force nowhere, of 16 MiB at most; those that cannot be loaded are told, and the others tried */
            files?: components["schemas"]["RuleFile"][];
            /**
             * @description of the records; absent: found by looking at each
             * @enum {string}
             */
            format?: "" | "syslog" | "ndjson" | "suricata" | "webhook" | "frigate" | "sensor";
            /**
             * Format: date-time
             * @description stored events at or after this time; absent: a day before to
             */
            from?: string;
            /** @description of webhook and sensor records */
            mapping?: string;
            /** @description only stored events that meet this query */
            q?: string;
            /** @description a rule in force; with no rule, text or files: every rule in force */
            rule?: string;
            /** @description rules that are in force nowhere (Sigma, YAML) */
            text?: string;
            /**
             * Format: date-time
             * @description stored events before this time; absent: now
             */
            to?: string;
        };
        TryResult: {
            /**
             * Format: date-time
             * @description where correlations had more to count than a trial keeps: they counted events at or after this time
             */
            counted_since?: string;
            /**
             * Format: int64
             * @description matches, of all rules that were asked for
             */
            matched: number;
            /** @description the first fifty */
            matches: components["schemas"]["TriedMatch"][];
            /** @description there are more events than were looked at: a bound of time or number was met, or some cannot be read */
            partial: boolean;
            /** @description matches by the events' own time, days of the site */
            per_day: components["schemas"]["HitsDay"][];
            /** @description rules of the files that cannot be loaded; they were not tried */
            problems: components["schemas"]["RuleProblem"][];
            /** @description each rule that matched, the one with the most matches first */
            rules: components["schemas"]["TriedRule"][];
            /**
             * Format: date-time
             * @description of stored events: those at or after this time were looked at
             */
            since?: string;
            /** Format: int64 */
            took_ms: number;
            /**
             * Format: int64
             * @description events that were looked at
             */
            tried: number;
            /**
             * Format: int64
             * @description records that could not be read; they meet no rule
             */
            unreadable: number;
        };
        UnknownAsset: {
            /** @description id of the asset that it became */
            asset?: string;
            /**
             * Format: int64
             * @description events that named it
             */
            count: number;
            /** @description id of the newest event */
            example: string;
            /** Format: date-time */
            first_seen: string;
            id: string;
            /** @description the identifier's kind, such as ip or camera */
            kind: string;
            /** Format: date-time */
            last_seen: string;
            /** @description source of the newest event */
            source: string;
            /** @enum {string} */
            state: "open" | "ignored" | "adopted";
            value: string;
        };
        "Unshelve-incidentBody": {
            /**
             * Format: int64
             * @description the incident's version that you saw; 409 when it has changed meanwhile
             */
            version?: number;
        };
        Usage: {
            /**
             * Format: int64
             * @description of all segments on disk
             */
            bytes: number;
            /** @description files that were set aside */
            damaged: components["schemas"]["Damaged"][];
            /** @description by the day (UTC) of acceptance, newest first */
            days: components["schemas"]["DayUse"][];
            /**
             * Format: int64
             * @description in segments
             */
            events: number;
            kinds: components["schemas"]["KindUse"][];
            /** Format: int64 */
            segments: number;
            /**
             * Format: int64
             * @description events in memory that are not in a segment yet
             */
            waiting: number;
        };
        User: {
            /** Format: date-time */
            created: string;
            has_password: boolean;
            id: string;
            intended_use_accepted: boolean;
            locale: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "lead" | "admin";
            /** @enum {string} */
            theme: "system" | "dark" | "light";
        };
        ValueOutcome: {
            met: boolean;
            /** @description as the rule writes it; null is written null */
            text: string;
        };
        Verification: {
            /** Format: int64 */
            entries: number;
            findings: components["schemas"]["Finding"][];
            good: boolean;
            /** Format: date-time */
            time: string;
        };
        WebhookState: {
            /**
             * Format: int64
             * @description of the notice at the head
             */
            attempts?: number;
            /** @description of the last attempt */
            error?: string;
            /**
             * Format: int64
             * @description given up
             */
            failed: number;
            name: string;
            /**
             * Format: date-time
             * @description when it is tried again
             */
            next?: string;
            /** @description ok: nothing waits; busy: something waits for its first attempt; failing: attempts fail */
            state: string;
            /** Format: int64 */
            waiting: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "list-waiting-alerts": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAlert"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-assets": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
                /** @description part of the id, name, owner, a tag or an identifier; case does not matter */
                q?: string;
                /** @description kind of asset */
                kind?: string;
                /** @description id of the site that the asset is or is in */
                site?: string;
                /** @description ids, separated by commas: these assets alone, on one page; ids that no asset has are left out */
                ids?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAsset"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-asset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id of the asset */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetView"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-audit": {
        parameters: {
            query?: {
                /** @description id of the person or program */
                by?: string;
                /** @description part of a name */
                who?: string;
                /** @description an action; with a dot at its end all that begin so, as incident. does */
                action?: string;
                /** @description what it was done to */
                subject?: string;
                /** @description at or after this time */
                from?: string;
                /** @description before this time */
                to?: string;
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAuditLine"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-audit": {
        parameters: {
            query?: {
                /** @description id of the person or program */
                by?: string;
                /** @description part of a name */
                who?: string;
                /** @description an action; with a dot at its end all that begin so, as incident. does */
                action?: string;
                /** @description what it was done to */
                subject?: string;
                /** @description at or after this time */
                from?: string;
                /** @description before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-audit-state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogState"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "verify-audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prove-audit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id of a line of the audit */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupState"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "make-backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupState"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-backup": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-care": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListCareState"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "load-demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-events": {
        parameters: {
            query?: {
                /** @description what to look for, in the query language of the reference; empty for all */
                q?: string;
                /** @description at or after this time, by the senders' clocks */
                from?: string;
                /** @description before this time */
                to?: string;
                /** @description seconds after which what was found so far is the answer */
                patience?: number;
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-event-fields": {
        parameters: {
            query?: {
                /** @description what to look for, in the query language of the reference; empty for all */
                q?: string;
                /** @description at or after this time, by the senders' clocks */
                from?: string;
                /** @description before this time */
                to?: string;
                /** @description seconds after which what was found so far is the answer */
                patience?: number;
                /** @description how many of the newest events are looked at */
                sample?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fields"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "count-events": {
        parameters: {
            query?: {
                /** @description what to look for, in the query language of the reference; empty for all */
                q?: string;
                /** @description at or after this time, by the senders' clocks */
                from?: string;
                /** @description before this time */
                to?: string;
                /** @description seconds after which what was found so far is the answer */
                patience?: number;
                /** @description how many spans of time at most; without from, the 24 hours before to are counted, and without to it is now */
                buckets?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Histogram"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "top-values": {
        parameters: {
            query: {
                /** @description what to look for, in the query language of the reference; empty for all */
                q?: string;
                /** @description at or after this time, by the senders' clocks */
                from?: string;
                /** @description before this time */
                to?: string;
                /** @description seconds after which what was found so far is the answer */
                patience?: number;
                /** @description the field whose values are counted, as the query language names it */
                field: string;
                /** @description a second field: pairs of values are counted */
                and?: string;
                /** @description how many values at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Top"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-event": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the event's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-deletion": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "erase-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Erase-eventsBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erased"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Export"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-holds": {
        parameters: {
            query?: {
                /** @description only of this incident */
                incident?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListHold"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "place-hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Place-holdBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "release-hold": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Release-holdBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "discard-segment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Discard-segmentBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-exercises": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListExercise"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "start-exercise": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Start-exerciseBody"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exercise"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListScenarioInfo"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stop-exercise": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-floor-plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListFloorPlan"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-floor-plan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id of the floor plan */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-hospital": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HospitalView"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-hospital": {
        parameters: {
            query?: {
                /** @description yaml or csv */
                format?: "yaml" | "csv";
                /** @description a version that was in place once; empty for the newest */
                version?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-hospital": {
        parameters: {
            query?: {
                /** @description only say what is wrong; change nothing */
                check?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-hospital-versions": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListModelVersion"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-incidents": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
                /** @description which incidents; open: those that somebody still has to work on */
                status?: "open" | "all" | "new" | "acknowledged" | "in-progress" | "resolved" | "closed";
                /** @description only exercises, or only what is real; absent for both */
                exercise?: "true" | "false";
                /** @description at least this severe */
                severity?: "info" | "low" | "medium" | "high" | "critical";
                /** @description only of this site */
                site?: string;
                /** @description only of this owner */
                owner?: string;
                /** @description text to find: number, place, asset, threat, owner */
                q?: string;
                /** @description what the newest of comes first */
                sort?: "updated" | "opened";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListIncident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "acknowledge-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acknowledge-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-incident-alerts": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListJoin"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "comment-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Comment-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "dispatch-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Dispatch-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "escalate-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Escalate-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-incident-impact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assessment"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-incident-impacts": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAssessment"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "merge-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merge-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-incident-notices": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListNotice"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-incident-owner": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-incident-ownerBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-incident-plans": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPlan"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-incident-plan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Add-incident-planBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "shelve-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Shelve-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "split-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Split-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-incident-status": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-incident-statusBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-incident-timeline": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListTimelineEntry"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unshelve-incident": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Unshelve-incidentBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "judge-incident-impact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description incident id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Judge-incident-impactBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ingest: {
        parameters: {
            query?: {
                /** @description for webhook: the name of a mapping of the source */
                mapping?: string;
                /** @description id of the source; by default the first one that accepts the format */
                source?: string;
            };
            header?: {
                /** @description the sender's own name for this request; sending it again makes no record twice */
                "Idempotency-Key"?: string;
                /** @description id of the running exercise that the records belong to */
                "X-Warder-Exercise"?: string;
                /** @description application/x-ndjson or application/json */
                "Content-Type"?: string;
                /** @description gzip, or absent */
                "Content-Encoding"?: "gzip" | "identity";
            };
            path: {
                /** @description how the records are to be read */
                format: "ndjson" | "suricata" | "webhook";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-notices": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
                /** @description only of this channel, for example console */
                channel?: string;
                /** @description only those that nobody has acknowledged */
                open?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListNotice"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "acknowledge-notice": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description notice id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notice"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-openapi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openapi+json": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-pipeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-task": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description plan id */
                id: string;
                /** @description task id */
                task: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-taskBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-playbooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSummary"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-rules": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
                /** @description only rules with these words in id, title, threat, technique or file */
                q?: string;
                /** @description only rules of this status */
                status?: "active" | "off" | "error";
                /** @description only rules of this kind */
                kind?: "event" | "correlation" | "foreign" | "filter";
                /** @description only rules of this severity in effect */
                level?: "info" | "low" | "medium" | "high" | "critical";
                /** @description only rules that are slow */
                slow?: boolean;
                /** @description absent: in the order of loading */
                sort?: "title" | "hits" | "last_hit" | "cost";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListRuleStatus"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "check-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Check-rulesBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckResult"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "explain-rule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Explain-ruleBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reload-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReloadResult"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "try-rule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Try-ruleBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TryResult"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-rule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the rule's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDetail"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "except-rule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the rule's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Except-ruleBody"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exception"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-rule-exception": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the rule's id */
                id: string;
                /** @description the exception's id */
                exception: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-rule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the rule's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-ruleBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleStatus"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-saved-searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSavedSearch"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "save-search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Save-searchBody"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedSearch"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-saved-search": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionInfo"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Sign-inBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "accept-intended-use": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-passwordBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-preferencesBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "redeem-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Redeem-linkBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSourceHealth"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-source-failures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id of the source */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListFailure"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Storage"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-stream": {
        parameters: {
            query?: never;
            header?: {
                /** @description id of the last event that was seen */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-texts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                locale: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalogue"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListToken"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "make-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Make-tokenBody"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListTopicHealth"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-dead-letters": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                topic: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListLetter"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "replay-dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-dead-letter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Letter"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "discard-dead-letter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Discard-dead-letterBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "mend-dead-letter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Mend-dead-letterBody"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "replay-dead-letter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-unknown-assets": {
        parameters: {
            query?: {
                /** @description where the last page ended, as it said; empty for the first page */
                cursor?: string;
                /** @description how many at most */
                limit?: number;
                /** @description which rows */
                state?: "open" | "ignored" | "adopted";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListUnknownAsset"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "adopt-unknown-asset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id of the unknown asset */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Adopt-unknown-assetBody"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adopted"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ignore-unknown-asset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id of the unknown asset */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListUser"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Add-userBody"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewUser"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "make-link": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewUser"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListWebhookState"];
                };
            };
            /** @description What went wrong and what to do next */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
