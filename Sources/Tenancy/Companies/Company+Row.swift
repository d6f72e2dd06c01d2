import Postgres

extension Company {
    static let columns: SQL = """
        companies.id, companies.name, companies.industry, companies.brand_personality, companies.active,
        companies.subscription_plan, companies.subscription_status, companies.widget_key, companies.settings,
        companies.version, companies.created_at, companies.updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), name: try row.get("name"), industry: try row.get("industry"),
            brandPersonality: try row.get("brand_personality"), active: try row.get("active"),
            subscriptionPlan: try row.get("subscription_plan"),
            subscriptionStatus: try row.get("subscription_status"), widgetKey: try row.get("widget_key"),
            settings: CompanySettings(try row.object("settings")), createdAt: try row.get("created_at"),
            updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
