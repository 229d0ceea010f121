export {
  type CampaignAdapter,
  type CampaignBroker,
  contractDuplicateBound,
  type Disruption,
  type Fsync,
} from './adapter.ts';
export { type CampaignOptions, type CampaignResult, runCampaign } from './run-campaign.ts';
